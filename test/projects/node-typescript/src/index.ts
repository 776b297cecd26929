import path from "node:path";
import express from "express";
import { Notes } from "./notes";

const notes = new Notes();
notes.add("buy milk");

const app = express();
app.use("/ui", express.static(path.join(__dirname, "../public")));
app.get("/", (_request, response) => {
  response.json(notes.all());
});
app.get("/health", (_request, response) => {
  response.json({ status: "ok" });
});

const server = app.listen(Number(process.env.PORT ?? 8080));
process.on("SIGTERM", () => server.close(() => process.exit(0)));
