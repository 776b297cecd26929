/** A thread of the survey. */
import type { CorpusFile } from "./files.ts";
import { answerThread } from "../threads.ts";
import { type Survey, survey } from "./survey.ts";

answerThread<CorpusFile, Survey>(survey);
