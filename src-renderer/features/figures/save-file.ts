interface NamedFile {
  fileName: string;
  mediaType: string;
  base64: string;
}

/** Hands a file to the person: a download in a browser, a save dialog in Electron. */
export function saveFile({ fileName, mediaType, base64 }: NamedFile): void {
  save(
    fileName,
    mediaType,
    Uint8Array.from(atob(base64), (character) => character.charCodeAt(0)),
  );
}

export function saveText(fileName: string, mediaType: string, text: string): void {
  save(fileName, mediaType, text);
}

function save(fileName: string, mediaType: string, content: BlobPart): void {
  const address = URL.createObjectURL(new Blob([content], { type: mediaType }));
  const link = document.createElement('a');
  link.href = address;
  link.download = fileName;
  document.body.append(link);
  link.click();
  link.remove();
  // The browser reads it after this turn.
  setTimeout(() => URL.revokeObjectURL(address), 60_000);
}
