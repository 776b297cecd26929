/** The program with the one command that is run most, and over many files: half as much to load, in each of its threads. */
import { bind } from "./bind.ts";
import { check } from "./commands/check.ts";

bind([check], import.meta.filename);
