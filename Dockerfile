# One image for the web, the scheduler and the migrations; compose.yaml says which is which.

FROM python:3.11-slim AS build
RUN python -m venv /opt/weitan
COPY requirements.txt .
RUN /opt/weitan/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements.txt

FROM python:3.11-slim
# The code belongs to root; the service may write into its instance folder and nowhere else.
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin weitan \
    && install -d -o weitan -g weitan -m 0700 /srv/weitan/instance
COPY --from=build /opt/weitan /opt/weitan
WORKDIR /srv/weitan
COPY . .
# Compiled once here, where root still can.
RUN python -m compileall -q app migrations
ENV PATH=/opt/weitan/bin:$PATH \
    FLASK_APP=wsgi \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER weitan
VOLUME /srv/weitan/instance
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=4 CMD \
    ["python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:8000/healthz', timeout=4)"]
CMD ["gunicorn", "--config", "gunicorn.conf.py", "--bind", "0.0.0.0:8000", "wsgi:application"]
