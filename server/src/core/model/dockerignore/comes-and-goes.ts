/** Names of what is there at times, and is ignored for that. */
import type { IgnorePattern } from "../ignore.ts";

/** Made by builds, tools and editors: not there today says nothing. */
export const comesAndGoes = ({ text }: IgnorePattern): boolean =>
  /(?:^|\/)\./.test(text) ||
  /(?:^|\/)(?:node_modules|bower_components|jspm_packages|dist|build|builds|out|output|target|bin|obj|vendor|coverage|htmlcov|te?mp|logs?|cache|storage|deps|_build|__pycache__|v?env|virtualenv|reports?|results?|TestResults|artifacts|release|releases|public|data|backups?|npm-debug\.log|yarn-error\.log|Thumbs\.db|Dockerfile|docker-compose\.ya?ml|compose\.ya?ml|CMakeCache\.txt|erl_crash\.dump|LICENSE|README\.md|CHANGELOG\.md|Makefile)(?:\/|$)/i.test(
    text,
  ) ||
  /\.(?:log|pid|seed|tmp|bak|swp|sqlite3?|db|tgz|tar\.gz|zip|pem|key|crt|cov|out|test|exe|tfstate)$/i.test(text);
