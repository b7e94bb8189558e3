// Puts new mail at the top of the list every second, without moving what somebody is reading on another page.
const list = document.getElementById("mails");

function cell(content) {
  const made = document.createElement("td");
  made.append(content);
  return made;
}

async function look() {
  const answer = await fetch(`/api/mails?after=${list.dataset.last}`);
  for (const mail of await answer.json()) {
    const link = document.createElement("a");
    link.href = `/mails/${mail.number}`;
    link.textContent = mail.subject || "(no subject)";
    const row = document.createElement("tr");
    row.append(cell(mail.at.slice(11, 19)), cell(mail.recipients.join(", ")), cell(link));
    list.prepend(row);
    list.dataset.last = mail.number;
    document.getElementById("none").hidden = true;
  }
}

setInterval(() => look().catch(() => {}), 1000); // when the catcher is away, the next look may find it back
