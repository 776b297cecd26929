const express = require("express");
const { greeting } = require("./lib/greeting");

const app = express();
app.use("/static", express.static("public"));
app.get("/", (request, response) => response.send(greeting(request.query.name)));
app.get("/health", (_request, response) => response.json({ status: "ok" }));

const server = app.listen(process.env.PORT || 3000, () => console.log("listening"));
process.on("SIGTERM", () => server.close(() => process.exit(0)));
