"""Tables and columns that may change unseen, each with the reason why that proves nothing wrongly.

Held against the models in both directions: what is neither attacked nor listed here fails, and so does what is
listed and is no more, or is noticed after all.
"""

from __future__ import annotations

OF_THE_MOMENT = "lives for a session or a form, and nobody is told anything by it later"
OF_ONE_PERSON = "how one person likes things; it changes what they are shown, never what is so"
REBUILT = "a projection: computed from the ledger again at any time, with the same result"
DERIVED = "a projection that verification derives anew and compares (tests/agreements/test_verified.py)"
SEARCHED = "an index of search, made again from the records"
SENT = "how far something is on its way to somebody; what it tells of stands in the ledger"
COUNTED = "a count that only hands out the next number; a number given twice is refused by the table of its kind"
SECRET = "a secret, kept out of the ledger on purpose: it opens doors, and proves nothing of what was done"

TABLES = {
    "agreements.ClockProjection": DERIVED,
    "agreements.Escalation": "how far a rule is with its calls; each call that was made is an entry",
    "agreements.EscalationStep": "how far a rule is with its calls; each call that was made is an entry",
    "agreements.TeamClock": DERIVED,
    "agreements.ThresholdReached": REBUILT,
    "api.KeptAnswer": "an answer kept for a day, so that a request sent twice is done once",
    "auth.Group": "of Django; nobody's rights rest on it, they come from roles",
    "auth.Group_permissions": "of Django; nobody's rights rest on it, they come from roles",
    "auth.Permission": "of Django; nobody's rights rest on it, they come from roles",
    "certification.CarriedResult": "working notes of runs; every full run asks all records again",
    "certification.Checking": "how far a run is that somebody asked for",
    "certification.PackProgress": "how far a pack is that is being made",
    "certification.Redrawing": "what came of drawing a sample again, for a minute; whoever doubts it has it drawn again",
    "contenttypes.ContentType": "of Django; made from the models at every migration",
    "evaluation.TalliedColumn": REBUILT,
    "evaluation.ForeignLog": "a file of another system that one person looks at; no record, measure or verdict rests on it",
    "evaluation.KeptQueue": REBUILT,
    "evaluation.TalliedRecords": REBUILT,
    "evaluation.TallyMark": REBUILT,
    "governance.NoticePreference": OF_ONE_PERSON,
    "governance.Sending": SENT,
    "governance.SentLink": SECRET,
    "integrations.WebhookDelivery": SENT,
    "integrations.WebhookHealth": SENT,
    "integrations.WebhookSecret": SECRET,
    "jobs.QueuedJob": SENT,
    "jobs.Schedule": "when a job is due next",
    "organization.AccessToken": SECRET,
    "organization.SignInFailures": SECRET,
    "records.Draft": OF_THE_MOMENT,
    "records.ExternalKey": "which number an import gave; every record that it made tells its source in its first entry",
    "records.ImportFinding": "what an import said of its rows; what it did is in the entries of the records",
    "records.ImportMapping": "how the columns of a file are read the next time",
    "records.ImportRun": "how far an import is; what it did is in the entries of the records",
    "records.Numbering": COUNTED,
    "records.Preference": OF_ONE_PERSON,
    "records.Presence": OF_THE_MOMENT,
    "records.RuleMark": "that some rule was changed, for processes that remember rules; which, is in the entries",
    "records.SavedView": OF_ONE_PERSON,
    "records.SearchMark": SEARCHED,
    "records.SearchNear": SEARCHED,
    "records.SearchWord": SEARCHED,
    "sessions.Session": OF_THE_MOMENT,
}

# Columns of kinds of record; `id` is the key of the table alone, for relations are told by number.
COLUMNS = {
    ("incident", "due_at"): DERIVED,
    ("incident", "minutes_spent"): DERIVED,
    ("incident", "resolve_due_at"): DERIVED,
    ("incident", "resolve_met"): DERIVED,
    ("incident", "respond_due_at"): DERIVED,
    ("incident", "respond_met"): DERIVED,
    ("sample", "deviating_count"): DERIVED,
    ("sample", "examined_count"): DERIVED,
    ("person", "last_login"): OF_THE_MOMENT,
    ("person", "password"): SECRET,
}
