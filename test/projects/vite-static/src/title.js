export const title = (path) => (path === "/" ? "Welcome" : `You are at ${path}`);
