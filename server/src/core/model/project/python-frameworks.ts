/** The frameworks and servers that the requirements of a Python project name. */
import type { PythonRequirement } from "./python-requirement.ts";

export interface PythonFramework {
  readonly name: string;
  readonly package: string;
  /** wsgi, asgi: served by a server of that kind. app: serves itself. server: is that server. worker: answers nobody. */
  readonly kind: "wsgi" | "asgi" | "app" | "server" | "worker";
  /** The port it listens on unless somebody says otherwise. */
  readonly port?: number;
}

const FRAMEWORKS: readonly PythonFramework[] = [
  { name: "Django", package: "django", kind: "wsgi", port: 8000 },
  { name: "FastAPI", package: "fastapi", kind: "asgi", port: 8000 },
  { name: "Flask", package: "flask", kind: "wsgi", port: 5000 },
  { name: "Quart", package: "quart", kind: "asgi", port: 5000 },
  { name: "Starlette", package: "starlette", kind: "asgi", port: 8000 },
  { name: "Litestar", package: "litestar", kind: "asgi", port: 8000 },
  { name: "Sanic", package: "sanic", kind: "app", port: 8000 },
  { name: "aiohttp", package: "aiohttp", kind: "app", port: 8080 },
  { name: "Tornado", package: "tornado", kind: "app" },
  { name: "Pyramid", package: "pyramid", kind: "wsgi", port: 6543 },
  { name: "Bottle", package: "bottle", kind: "wsgi", port: 8080 },
  { name: "Falcon", package: "falcon", kind: "wsgi" },
  { name: "Streamlit", package: "streamlit", kind: "app", port: 8501 },
  { name: "Gradio", package: "gradio", kind: "app", port: 7860 },
  { name: "Dash", package: "dash", kind: "wsgi", port: 8050 },
  { name: "Panel", package: "panel", kind: "app", port: 5006 },
  { name: "Reflex", package: "reflex", kind: "app", port: 3000 },
  { name: "NiceGUI", package: "nicegui", kind: "app", port: 8080 },
  { name: "Chainlit", package: "chainlit", kind: "app", port: 8000 },
  { name: "Gunicorn", package: "gunicorn", kind: "server", port: 8000 },
  { name: "Uvicorn", package: "uvicorn", kind: "server", port: 8000 },
  { name: "Hypercorn", package: "hypercorn", kind: "server", port: 8000 },
  { name: "Daphne", package: "daphne", kind: "server", port: 8000 },
  { name: "Granian", package: "granian", kind: "server", port: 8000 },
  { name: "Waitress", package: "waitress", kind: "server", port: 8080 },
  { name: "uWSGI", package: "uwsgi", kind: "server" },
  { name: "Celery", package: "celery", kind: "worker" },
  { name: "RQ", package: "rq", kind: "worker" },
  { name: "Dramatiq", package: "dramatiq", kind: "worker" },
  { name: "Scrapy", package: "scrapy", kind: "worker" },
];

export function pythonFrameworks(requirements: readonly PythonRequirement[]): readonly PythonFramework[] {
  const names = new Set(requirements.map(({ name }) => name));
  // `fastapi[standard]` brings its server along.
  const bringsUvicorn = requirements.some(
    ({ name, extras }) => name === "fastapi" && (extras.includes("standard") || extras.includes("all")),
  );
  return FRAMEWORKS.filter(({ package: each }) => names.has(each) || (each === "uvicorn" && bringsUvicorn));
}
