import request, { type Response, type Test } from 'supertest';
import { testPortal } from './portal.ts';

/** A small browser on one portal: keeps cookies, follows nothing, sends what a browser sends, fills the form token in by itself. */
export class Visitor {
  readonly #agent: ReturnType<typeof request.agent>;
  readonly #host: string;
  #token = '';

  constructor(agent: ReturnType<typeof request.agent>, host: string) {
    this.#agent = agent;
    this.#host = host;
  }

  /** The same cookies, sent to another portal. */
  on(slug: string): Visitor {
    return new Visitor(this.#agent, `${slug}.localhost:3000`);
  }

  async get(path: string): Promise<Response> {
    return this.#seen(await this.send('get', path));
  }

  async post(path: string, fields: Readonly<Record<string, unknown>> = {}): Promise<Response> {
    return this.#seen(await this.send('post', path).type('form').send({ _csrf: this.#token, ...fields }));
  }

  /** One bare request, with cookies but without anything filled in. */
  send(method: 'get' | 'post', path: string): Test {
    return this.#agent[method](path).set('Host', this.#host).set('Sec-Fetch-Site', 'same-origin');
  }

  async upload(path: string, field: string, name: string, content: string | Buffer, fields: Readonly<Record<string, string>> = {}): Promise<Response> {
    const test = this.send('post', path).field({ _csrf: this.#token, ...fields }).attach(field, Buffer.from(content), name);
    return this.#seen(await test);
  }

  async signIn(login: string, password: string, door = '/login'): Promise<this> {
    const answer = await this.post(door, { login, password });
    if (answer.status !== 303) throw new Error(`${login} was not signed in: ${answer.status}`);
    await this.get(door === '/login' ? '/' : '/staff');
    return this;
  }

  #seen(response: Response): Response {
    this.#token = /name="_csrf" value="([^"]+)"/.exec(response.text ?? '')?.[1] ?? this.#token;
    return response;
  }
}

export async function visit(slug: string): Promise<Visitor> {
  const { app } = await testPortal();
  return new Visitor(request.agent(app), `${slug}.localhost:3000`);
}
