# syntax=docker/dockerfile:1
# Build: docker build -t corridor .   Run: docker run -v corridor:/home/corridor/node -p 8080:8080 corridor
FROM python:3.13-slim AS build
WORKDIR /src
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY hub hub
COPY dsd dsd
COPY codelists codelists
COPY connectors connectors
COPY federation federation
RUN python -m venv /opt/corridor \
 && /opt/corridor/bin/pip install --constraint constraints.txt '.[postgresql]'

FROM python:3.13-slim
RUN useradd --create-home --uid 10001 corridor
COPY --from=build /opt/corridor /opt/corridor
ENV PATH=/opt/corridor/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    CORRIDOR_HOME=/home/corridor/node \
    CORRIDOR_HOST=0.0.0.0
USER corridor
WORKDIR /home/corridor
VOLUME /home/corridor/node
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
  CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f\"http://127.0.0.1:{os.environ.get('CORRIDOR_PORT', '8080')}/health\", timeout=4)"]
ENTRYPOINT ["corridor"]
CMD ["serve"]
