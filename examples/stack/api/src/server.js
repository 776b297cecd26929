import { createServer } from "node:http";

createServer((request, response) => response.end(`${request.method} ${request.url}\n`)).listen(3000);
