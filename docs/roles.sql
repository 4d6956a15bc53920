-- The roles and the database of a Portico that has a PostgreSQL 18 of its own. Run once as a superuser, or as a role
-- that may create roles and databases:
--   OWNER_PASSWORD=… WEB_PASSWORD=… WORKER_PASSWORD=… psql -v ON_ERROR_STOP=1 -f docs/roles.sql
\getenv owner_password OWNER_PASSWORD
\getenv web_password WEB_PASSWORD
\getenv worker_password WORKER_PASSWORD

-- Migrations run as the owner; pages run as web, which owns nothing; the job queue belongs to worker.
create role portico_owner login password :'owner_password';
create role portico_web login password :'web_password';
create role portico_worker login password :'worker_password';
grant portico_worker to portico_owner with inherit false, set true;
grant portico_owner to current_user;

create database portico owner portico_owner template template0 encoding 'UTF8'
  locale 'C' locale_provider builtin builtin_locale 'C.UTF-8';
revoke all on database portico from public;
grant connect on database portico to portico_web, portico_worker;
-- Imports check their rows in a temporary table before they write them.
grant temporary on database portico to portico_web;
-- The queue makes its own two schemas, graphile_worker and jobs, and owns nothing else.
grant create on database portico to portico_worker;
