#!/usr/bin/env bash
# Run once by the postgres image, in a new cluster: a role and a database for each service, closed to every other service.
set -euo pipefail

for service in intake escalator notifier records; do
  password_name="${service^^}_PASSWORD"
  psql --set=ON_ERROR_STOP=1 --set=service="$service" --set=password="${!password_name}" \
    --username="$POSTGRES_USER" --dbname=postgres <<'SQL'
create role :"service" login password :'password';
create database :"service" owner :"service";
revoke all on database :"service" from public;
SQL
done
psql --set=ON_ERROR_STOP=1 --username="$POSTGRES_USER" --dbname=postgres \
  --command='revoke connect on database postgres, template1 from public'
