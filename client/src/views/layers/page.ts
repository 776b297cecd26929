/** The document of a page of ours: one script that the nonce names, one stylesheet, and nothing else from anywhere. Pure. */
export interface PageParts {
  /** Without markup in it. */
  readonly title: string;
  /** Addresses as the page reaches them. */
  readonly script: string;
  readonly style: string;
  /** Where the stylesheet may come from, as a source of the policy. */
  readonly source: string;
  /** Fresh for each document. */
  readonly nonce: string;
}

export const pageOf = ({ title, script, style, source, nonce }: PageParts): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src ${source}; script-src 'nonce-${nonce}'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<link rel="stylesheet" href="${style}">
</head>
<body>
<script nonce="${nonce}" src="${script}"></script>
</body>
</html>
`;
