// What the pages of the log-in share.

export function field(name, { label, ...properties }) {
  const input = Object.assign(document.createElement("input"), { name, required: true, ...properties });
  const around = document.createElement("label");
  around.append(label, input);
  return around;
}

export async function post(path, body) {
  try {
    const answer = await fetch(path, { method: "POST", body: JSON.stringify(body), credentials: "same-origin" });
    return { ok: answer.ok, body: await answer.json() };
  } catch {
    return { ok: false, body: { message: "The home does not answer" } };
  }
}
