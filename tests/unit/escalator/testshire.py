"""A made-up protocol in which everything that a file can say is said once, for tests of the checker."""

TESTSHIRE = """\
key: testshire
name: Testshire
version: undated
reference: A document that nobody wrote
danger: { text: Call the police., source: ours }
vocabulary: { LSCB: Local Safeguarding Children Board }
today: { LSCB: Safeguarding Children Partnership }
roles:
  worker: { name: Worker, raiser: true }
  manager: { name: Manager }
  chair: { name: Conference chair }
  adviser: { name: Adviser }
  lead: { name: Safeguarding lead }
  head: { name: Head of safeguarding, anywhere: true }
  committee: { name: Member of the management committee }
safeguarding_lead: lead
case_stages: { referral: Referral, conference: Conference }
areas:
  threshold: The threshold
  conference: Whether to hold a conference
  plan: An agreed plan that was not carried out
  own_manager: Your own manager
choices:
  - { id: A-01, name: clock_start, question: From when?, options: [form_received], default: form_received, reason: Ours }
  - { id: A-02, name: accumulation, question: Together?, options: [cumulative], default: cumulative, reason: Ours }
  - { id: A-03, name: counting, question: Which?, options: [elapsed_hours, one_working_day], default: elapsed_hours, reason: Ours }
  - { id: A-06, name: immediately, question: How many?, number: { least: 1, most: 60 }, default: "30", reason: Ours }
  - { id: A-25, name: agreed_time, question: How many?, number: { least: 1, most: 20 }, default: "5", reason: Ours }
  - { id: A-28, name: other_tier, question: And then?, options: [board, same_step], default: board, reason: Ours }
  - { id: A-29, name: consents, question: Whose?, options: [everyone_at_the_step], default: everyone_at_the_step, reason: Ours }
chase: { kind: elapsed_hours, amount: 24 }
redirects:
  - { area: plan, case_stages: [referral, conference], instead: [The core group], source: "1.2" }
asks:
  - { field: supporter, source: "1.3" }
bypass: { text: Steps may be passed over by consent of the LSCB., source: "1.4" }
advice: { roles: [adviser], duty: may, text: Advisers can be asked., source: "1.5" }
still_at_risk: { raising: [manager], other: [head], text: Tell them., source: "1.6" }
substitutes:
  - { role: committee, instead_of: head, sector: vcf, source: "1.7" }
closing:
  read_back: { parts: [risk, actions], source: "1.8" }
  follow_up: { kind: elapsed_hours, amount: 100 }
ladders:
  - id: T-1
    name: Referral
    case_stage: referral
    areas: [threshold]
    source: section 2
    default_outcome: { text: A conference is held, by: chair, source: "2.9" }
    steps:
      - number: 1
        action: Talk to each other
        with: { other: [worker] }
        by: { raising: [worker] }
        within: { kind: elapsed_hours, amount: 24 }
        writing: none
        source: "2.1"
        reasons_from: [raising, other]
        not_when_at_risk: true
      - number: 2
        action: Meet
        with: { other: [manager, chair] }
        by: { raising: [manager] }
        within: { kind: agreed }
        writing: none
        source: "2.2"
        meeting: { coordinator: chair, must: true, source: "2.2" }
        decision: { by: chair, side: other, consult: adviser, challenge_within: { kind: working_days, amount: 1 }, source: "2.3" }
      - number: 3
        action: Tell the head
        with: { other: [head] }
        by: { raising: [], other: [head] }
        within: { kind: immediately }
        writing: written
        source: "2.4"
        not_from: social_care
  - id: T-2
    name: Your own manager
    case_stage: conference
    areas: [own_manager]
    source: section 3
    within_agency: true
    keep_from: [manager]
    steps:
      - number: 1
        action: Write to the lead
        with: { other: [lead] }
        by: { raising: [worker] }
        within: null
        writing: written
        source: "3.1"
  - id: T-3
    name: A call for advice
    case_stage: conference
    areas: [conference]
    source: section 4
    advice: true
    offers: T-1
    steps:
      - number: 1
        action: Ask the adviser
        with: { other: [adviser] }
        by: { raising: [worker] }
        within: null
        writing: none
        source: "4.1"
"""
