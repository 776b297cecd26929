import express from "express";
import { createNotes } from "./notes.js";

const notes = createNotes();
const app = express();
app.use(express.json());

app.get("/health", (_request, response) => response.send("ok"));
app.get("/notes", (_request, response) => response.json(notes.all()));
app.post("/notes", (request, response) => {
  const text = request.body?.text;
  if (typeof text !== "string" || text === "") return response.status(400).json({ error: "text is missing" });
  return response.status(201).json(notes.add(text));
});

const port = Number(process.env.PORT ?? 3000);
app.listen(port, () => console.log(`listening on ${port}`));
