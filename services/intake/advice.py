"""What people are told that they can do when what they sent is held."""

HOW_TO_REPLY = (
    "The board’s staff read it. It is quicker if you reply to our earlier mail again, with one of the words it gives you alone on the"
    " first line: for example RESPONSE, OUTCOME, NOT RESOLVED, CONFIRM or DISPUTE."
)
HOW_TO_COMPLETE = (
    "The board’s staff read it. It is quicker if you reply to our earlier mail again, with each missing part on a line of its own:"
    " its name, a colon and your answer."
)
HOW_TO_CORRECT = (
    "The board’s staff read it. It is quicker if you reply to our earlier mail again, with each right answer on a line of its own,"
    " after its label."
)
HOW_TO_CHOOSE = "You do not have to know it. The board’s staff read your mail and help you choose."
HOW_TO_RAISE = (
    "To raise a disagreement, send the Escalation Form as a Word document, as a PDF or in the text of a mail."
    " To get the blank form, send us a mail with the word FORM. You can also fill in the form on the web: {page}"
)
SOMEBODY_ELSE = "The board’s staff read it. It is quicker if whoever got our mail replies to it, from the address it went to."
