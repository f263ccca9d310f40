const fingerprints: Uint8Array[] = [];

function receiveUpload(n: number): Uint8Array {
  return new Uint8Array(256 * 1024).fill(n); // leak: stuck here
}

function fingerprint(upload: Uint8Array): Uint8Array {
  return upload.subarray(0, 16);
}

export async function request(n: number): Promise<void> {
  const upload = receiveUpload(n); // leak: started here
  fingerprints.push(fingerprint(upload));
}
