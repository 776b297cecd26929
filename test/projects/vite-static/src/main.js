import "./style.css";
import { title } from "./title.js";

document.querySelector("#app").innerHTML = `<h1>${title(location.pathname)}</h1>`;
