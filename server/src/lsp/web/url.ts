/** `node:url` in a browser: what the server uses of it. Files have other schemes there, so that paths are slashes everywhere. */
export const fileURLToPath = (url: string | URL): string => decodeURIComponent(new URL(url).pathname);

export const pathToFileURL = (path: string): URL => {
  const url = new URL("file:///");
  url.pathname = path.replaceAll("%", "%25");
  return url;
};
