"""What people are told to do when what they sent is held."""

HOW_TO_REPLY = (
    "Reply to that mail again, with one of the words it gives you alone on the first line,"
    " for example RESPONSE, OUTCOME, NOT RESOLVED, CONFIRM or DISPUTE."
)
HOW_TO_COMPLETE = "Reply to that mail again, with each missing part on a line of its own: its name, a colon and your answer."
HOW_TO_CORRECT = "Reply to that mail again, with each right answer on a line of its own, after its label."
HOW_TO_RAISE = (
    "To raise a disagreement, send the Escalation Form as a Word document, as a PDF or in the text of a mail,"
    " or use the form at {page} To get the blank form by mail, send the word FORM."
)
