PRAGMA application_id = 1397314642;
PRAGMA user_version = 5;
BEGIN;
CREATE TABLE "action_item_current" (  -- Work that an incident left behind
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "incident_id" TEXT,  -- text; id of the incident
  "title" TEXT,  -- text; 
  "owner" TEXT,  -- text; 
  "team" TEXT,  -- text; 
  "priority" TEXT,  -- text; in words of the source
  "status" TEXT,  -- text; 
  "created_at" INTEGER,  -- timestamp; 
  "due_date" TEXT,  -- date; 
  "completed_at" INTEGER,  -- timestamp; 
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "action_item_past" (  -- ended versions: Work that an incident left behind
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "incident_id" TEXT,  -- text; id of the incident
  "title" TEXT,  -- text; 
  "owner" TEXT,  -- text; 
  "team" TEXT,  -- text; 
  "priority" TEXT,  -- text; in words of the source
  "status" TEXT,  -- text; 
  "created_at" INTEGER,  -- timestamp; 
  "due_date" TEXT,  -- date; 
  "completed_at" INTEGER,  -- timestamp; 
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "superseded_at" INTEGER NOT NULL,  -- Unix seconds: the next state was seen, or it was seen to be gone
  "deleted_at" INTEGER,  -- Unix seconds: = superseded_at when the record vanished
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "calendar_current" (  -- Holidays and change freezes
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "kind" TEXT,  -- text; 
  "name" TEXT,  -- text; 
  "from_date" TEXT,  -- date; first day
  "to_date" TEXT,  -- date; last day, included
  "scope" TEXT,  -- text; service, team, program or region; empty: everybody
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "calendar_past" (  -- ended versions: Holidays and change freezes
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "kind" TEXT,  -- text; 
  "name" TEXT,  -- text; 
  "from_date" TEXT,  -- date; first day
  "to_date" TEXT,  -- date; last day, included
  "scope" TEXT,  -- text; service, team, program or region; empty: everybody
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "superseded_at" INTEGER NOT NULL,  -- Unix seconds: the next state was seen, or it was seen to be gone
  "deleted_at" INTEGER,  -- Unix seconds: = superseded_at when the record vanished
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "capacity_request_current" (  -- A request for more capacity
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "resource_id" TEXT,  -- text; id of the capacity resource
  "team" TEXT,  -- text; 
  "amount" REAL,  -- real; in `unit`
  "unit" TEXT,  -- text; 
  "needed_date" TEXT,  -- date; 
  "status" TEXT,  -- text; in words of the source
  "justification" TEXT,  -- text; 
  "launch_id" TEXT,  -- text; id of the launch review that needs it
  "requested_at" INTEGER,  -- timestamp; 
  "decided_at" INTEGER,  -- timestamp; 
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "capacity_request_past" (  -- ended versions: A request for more capacity
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "resource_id" TEXT,  -- text; id of the capacity resource
  "team" TEXT,  -- text; 
  "amount" REAL,  -- real; in `unit`
  "unit" TEXT,  -- text; 
  "needed_date" TEXT,  -- date; 
  "status" TEXT,  -- text; in words of the source
  "justification" TEXT,  -- text; 
  "launch_id" TEXT,  -- text; id of the launch review that needs it
  "requested_at" INTEGER,  -- timestamp; 
  "decided_at" INTEGER,  -- timestamp; 
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "superseded_at" INTEGER NOT NULL,  -- Unix seconds: the next state was seen, or it was seen to be gone
  "deleted_at" INTEGER,  -- Unix seconds: = superseded_at when the record vanished
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "capacity_resource_current" (  -- Something that fills up
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "name" TEXT,  -- text; 
  "kind" TEXT,  -- text; disk, cpu, quota, …
  "unit" TEXT,  -- text; unit of used and capacity_limit
  "service" TEXT,  -- text; 
  "team" TEXT,  -- text; 
  "region" TEXT,  -- text; 
  "capacity_limit" REAL,  -- real; what it holds at most, in `unit`
  "lead_time_days" REAL,  -- real; days from order to use
  "unit_cost" REAL,  -- real; cost of one unit a month
  "owner" TEXT,  -- text; 
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "capacity_resource_past" (  -- ended versions: Something that fills up
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "name" TEXT,  -- text; 
  "kind" TEXT,  -- text; disk, cpu, quota, …
  "unit" TEXT,  -- text; unit of used and capacity_limit
  "service" TEXT,  -- text; 
  "team" TEXT,  -- text; 
  "region" TEXT,  -- text; 
  "capacity_limit" REAL,  -- real; what it holds at most, in `unit`
  "lead_time_days" REAL,  -- real; days from order to use
  "unit_cost" REAL,  -- real; cost of one unit a month
  "owner" TEXT,  -- text; 
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "superseded_at" INTEGER NOT NULL,  -- Unix seconds: the next state was seen, or it was seen to be gone
  "deleted_at" INTEGER,  -- Unix seconds: = superseded_at when the record vanished
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE capacity_sample_day (
  series         INTEGER NOT NULL,
  day            INTEGER NOT NULL,  -- days since 1970-01-01, UTC
  first_at       INTEGER,           -- Unix seconds: first and last sample that holds now; NULL: none does
  last_at        INTEGER,
  peak           REAL,              -- largest used
  used_at        INTEGER,           -- Unix seconds: the newest sample with a number, and what it says
  used           REAL,
  limit_at       INTEGER,           -- Unix seconds: the newest sample with a limit, and what it says
  capacity_limit REAL,
  known_from     INTEGER,           -- Unix seconds: nothing of the day was observed before; NULL: not summed up yet
  settled_at     INTEGER,           -- Unix seconds: nothing has changed since; NULL: not summed up yet
  PRIMARY KEY (series, day)
) STRICT, WITHOUT ROWID;
INSERT INTO "capacity_sample_day" VALUES(1,20758,1793491200,1793494800,6.0,1793494800,4.0,1793491200,10.0,1793491260,1793500000);
CREATE TABLE "capacity_sample_series" (
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "stream_id" INTEGER NOT NULL,
  "resource_id" TEXT,  -- text; id of the capacity resource
  "series_text" TEXT NOT NULL,  -- JSON array of the columns above: NULLs compare equal in it
  UNIQUE (source_id, series_text)
) STRICT;
INSERT INTO "capacity_sample_series" VALUES(1,7,7,'R1','["R1"]');
CREATE TABLE "capacity_sample_value" (  -- Use of a capacity resource over time
  "series" INTEGER NOT NULL,
  "at" INTEGER NOT NULL,  -- Unix seconds
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this value
  "superseded_at" INTEGER,  -- Unix seconds: a correction was seen
  "used" REAL,  -- real; in the resource's unit
  "capacity_limit" REAL,  -- real; the limit at that time, when it is known
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  PRIMARY KEY (series, at, observed_at)
) STRICT, WITHOUT ROWID;
INSERT INTO "capacity_sample_value" VALUES(1,1793491200,1793491260,1793500000,5.0,10.0,NULL,NULL);
INSERT INTO "capacity_sample_value" VALUES(1,1793491200,1793500000,NULL,6.0,10.0,NULL,NULL);
INSERT INTO "capacity_sample_value" VALUES(1,1793494800,1793500000,NULL,4.0,NULL,NULL,NULL);
CREATE TABLE "incident_current" (  -- What broke, when, and how it was handled
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "title" TEXT,  -- text; one line
  "service" TEXT,  -- text; the service that broke, by name
  "team" TEXT,  -- text; the team that handles it
  "program" TEXT,  -- text; the program it counts against; else its service's
  "severity" TEXT,  -- text; SEV1 is the worst
  "status" TEXT,  -- text; how far the handling is
  "kind" TEXT,  -- text; only incidents count in metrics
  "started_at" INTEGER,  -- timestamp; impact began
  "detected_at" INTEGER,  -- timestamp; first known
  "acknowledged_at" INTEGER,  -- timestamp; a person took it
  "mitigated_at" INTEGER,  -- timestamp; impact ended
  "resolved_at" INTEGER,  -- timestamp; cause removed or incident closed
  "postmortem_url" TEXT,  -- text; where the postmortem is
  "postmortem_due_date" TEXT,  -- date; when it is due
  "postmortem_published_at" INTEGER,  -- timestamp; when it was published
  "cause" TEXT,  -- text; the cause, in words of the source
  "customer_impact" TEXT,  -- text; what customers noticed
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
INSERT INTO "incident_current" VALUES(1,7,'INC-1',7,'later',NULL,NULL,NULL,'SEV2',NULL,NULL,50,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'https://example.test/1','{"k":1}',300,X'eaf8babdfffa2739e28f7590fd508e5e');
CREATE TABLE "incident_past" (  -- ended versions: What broke, when, and how it was handled
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "title" TEXT,  -- text; one line
  "service" TEXT,  -- text; the service that broke, by name
  "team" TEXT,  -- text; the team that handles it
  "program" TEXT,  -- text; the program it counts against; else its service's
  "severity" TEXT,  -- text; SEV1 is the worst
  "status" TEXT,  -- text; how far the handling is
  "kind" TEXT,  -- text; only incidents count in metrics
  "started_at" INTEGER,  -- timestamp; impact began
  "detected_at" INTEGER,  -- timestamp; first known
  "acknowledged_at" INTEGER,  -- timestamp; a person took it
  "mitigated_at" INTEGER,  -- timestamp; impact ended
  "resolved_at" INTEGER,  -- timestamp; cause removed or incident closed
  "postmortem_url" TEXT,  -- text; where the postmortem is
  "postmortem_due_date" TEXT,  -- date; when it is due
  "postmortem_published_at" INTEGER,  -- timestamp; when it was published
  "cause" TEXT,  -- text; the cause, in words of the source
  "customer_impact" TEXT,  -- text; what customers noticed
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "superseded_at" INTEGER NOT NULL,  -- Unix seconds: the next state was seen, or it was seen to be gone
  "deleted_at" INTEGER,  -- Unix seconds: = superseded_at when the record vanished
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
INSERT INTO "incident_past" VALUES(1,7,'INC-1',7,'earlier',NULL,NULL,NULL,'SEV3',NULL,NULL,50,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,300,NULL,100,X'cb15217597ee68424f06c99249f43a87');
INSERT INTO "incident_past" VALUES(2,7,'INC-2',7,'gone',NULL,NULL,NULL,NULL,NULL,NULL,60,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,300,300,100,X'9b0ddfd1ae5a957ef8970dab10ede908');
CREATE TABLE "incident_update_current" (  -- What was said during an incident
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "incident_id" TEXT,  -- text; id of the incident
  "at" INTEGER,  -- timestamp; 
  "status" TEXT,  -- text; status in words of the source
  "author" TEXT,  -- text; 
  "body" TEXT,  -- text; 
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "incident_update_past" (  -- ended versions: What was said during an incident
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "incident_id" TEXT,  -- text; id of the incident
  "at" INTEGER,  -- timestamp; 
  "status" TEXT,  -- text; status in words of the source
  "author" TEXT,  -- text; 
  "body" TEXT,  -- text; 
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "superseded_at" INTEGER NOT NULL,  -- Unix seconds: the next state was seen, or it was seen to be gone
  "deleted_at" INTEGER,  -- Unix seconds: = superseded_at when the record vanished
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "launch_approval_current" (  -- One gate of a launch review
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "launch_id" TEXT,  -- text; id of the launch review
  "area" TEXT,  -- text; security, sre, capacity, privacy, legal, support, …
  "approver" TEXT,  -- text; 
  "status" TEXT,  -- text; 
  "requested_at" INTEGER,  -- timestamp; 
  "decided_at" INTEGER,  -- timestamp; 
  "turn" TEXT,  -- text; whose move it is
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "launch_approval_past" (  -- ended versions: One gate of a launch review
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "launch_id" TEXT,  -- text; id of the launch review
  "area" TEXT,  -- text; security, sre, capacity, privacy, legal, support, …
  "approver" TEXT,  -- text; 
  "status" TEXT,  -- text; 
  "requested_at" INTEGER,  -- timestamp; 
  "decided_at" INTEGER,  -- timestamp; 
  "turn" TEXT,  -- text; whose move it is
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "superseded_at" INTEGER NOT NULL,  -- Unix seconds: the next state was seen, or it was seen to be gone
  "deleted_at" INTEGER,  -- Unix seconds: = superseded_at when the record vanished
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "launch_review_current" (  -- A launch on its way through review
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "title" TEXT,  -- text; 
  "service" TEXT,  -- text; 
  "team" TEXT,  -- text; 
  "owner" TEXT,  -- text; 
  "program" TEXT,  -- text; 
  "tier" INTEGER,  -- integer; 1 (most critical) to 4
  "phase" TEXT,  -- text; 
  "status" TEXT,  -- text; 
  "target_date" TEXT,  -- date; the day it shall launch
  "submitted_at" INTEGER,  -- timestamp; 
  "decided_at" INTEGER,  -- timestamp; approved or rejected
  "launched_at" INTEGER,  -- timestamp; 
  "risk" TEXT,  -- text; in words of the source
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "launch_review_past" (  -- ended versions: A launch on its way through review
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "title" TEXT,  -- text; 
  "service" TEXT,  -- text; 
  "team" TEXT,  -- text; 
  "owner" TEXT,  -- text; 
  "program" TEXT,  -- text; 
  "tier" INTEGER,  -- integer; 1 (most critical) to 4
  "phase" TEXT,  -- text; 
  "status" TEXT,  -- text; 
  "target_date" TEXT,  -- date; the day it shall launch
  "submitted_at" INTEGER,  -- timestamp; 
  "decided_at" INTEGER,  -- timestamp; approved or rejected
  "launched_at" INTEGER,  -- timestamp; 
  "risk" TEXT,  -- text; in words of the source
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "superseded_at" INTEGER NOT NULL,  -- Unix seconds: the next state was seen, or it was seen to be gone
  "deleted_at" INTEGER,  -- Unix seconds: = superseded_at when the record vanished
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "measure_series" (
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "stream_id" INTEGER NOT NULL,
  "name" TEXT,  -- text; 
  "labels" TEXT,  -- json; object of label names and values
  "series_text" TEXT NOT NULL,  -- JSON array of the columns above: NULLs compare equal in it
  UNIQUE (source_id, series_text)
) STRICT;
INSERT INTO "measure_series" VALUES(1,7,7,'users',NULL,'["users",null]');
CREATE TABLE "measure_value" (  -- Any other number over time, such as active users
  "series" INTEGER NOT NULL,
  "at" INTEGER NOT NULL,  -- Unix seconds
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this value
  "superseded_at" INTEGER,  -- Unix seconds: a correction was seen
  "value" REAL,  -- real; 
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  PRIMARY KEY (series, at, observed_at)
) STRICT, WITHOUT ROWID;
INSERT INTO "measure_value" VALUES(1,5,100,300,1.0,NULL,NULL);
INSERT INTO "measure_value" VALUES(1,5,300,NULL,2.5,NULL,NULL);
CREATE TABLE "milestone_current" (  -- A dated step of a program
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "program_id" TEXT,  -- text; id or name of the program
  "title" TEXT,  -- text; 
  "owner" TEXT,  -- text; 
  "status" TEXT,  -- text; in words of the source; done when completed_date is set
  "due_date" TEXT,  -- date; 
  "completed_date" TEXT,  -- date; 
  "stage" TEXT,  -- text; a later date for the same stage is a slip
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "milestone_past" (  -- ended versions: A dated step of a program
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "program_id" TEXT,  -- text; id or name of the program
  "title" TEXT,  -- text; 
  "owner" TEXT,  -- text; 
  "status" TEXT,  -- text; in words of the source; done when completed_date is set
  "due_date" TEXT,  -- date; 
  "completed_date" TEXT,  -- date; 
  "stage" TEXT,  -- text; a later date for the same stage is a slip
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "superseded_at" INTEGER NOT NULL,  -- Unix seconds: the next state was seen, or it was seen to be gone
  "deleted_at" INTEGER,  -- Unix seconds: = superseded_at when the record vanished
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "note_current" (  -- A person's words beside a number
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "at" INTEGER,  -- timestamp; 
  "author" TEXT,  -- text; 
  "subject" TEXT,  -- text; program, rule, incident, … it is about
  "text" TEXT,  -- text; 
  "expires_date" TEXT,  -- date; last day it is shown
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
INSERT INTO "note_current" VALUES(1,1,'10e65f8c696f',1,1793491200,'dana','Ledger','Vendor confirmed',NULL,NULL,NULL,1793491200,X'D9B1BEF20EC1784994A56A507067E0CF');
CREATE TABLE "note_past" (  -- ended versions: A person's words beside a number
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "at" INTEGER,  -- timestamp; 
  "author" TEXT,  -- text; 
  "subject" TEXT,  -- text; program, rule, incident, … it is about
  "text" TEXT,  -- text; 
  "expires_date" TEXT,  -- date; last day it is shown
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "superseded_at" INTEGER NOT NULL,  -- Unix seconds: the next state was seen, or it was seen to be gone
  "deleted_at" INTEGER,  -- Unix seconds: = superseded_at when the record vanished
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE outbox (
  id              INTEGER PRIMARY KEY,
  idempotency_key TEXT NOT NULL UNIQUE,
  source          TEXT NOT NULL,
  verb            TEXT NOT NULL,     -- the action: file, update
  subject         TEXT NOT NULL,     -- the file, relative to the workspace
  method          TEXT NOT NULL,
  path            TEXT NOT NULL,     -- below the source's base_url
  body            TEXT NOT NULL,     -- as sent
  body_hash       TEXT NOT NULL,     -- SHA-256 of method, path and body
  state           TEXT NOT NULL,     -- pending: may have arrived; done; refused: has not been accepted
  tries           INTEGER NOT NULL DEFAULT 0,
  created_at      INTEGER NOT NULL,  -- Unix seconds
  updated_at      INTEGER NOT NULL,  -- Unix seconds
  status          INTEGER,           -- of the last answer; NULL: none came
  remote_id       TEXT,
  remote_url      TEXT,
  error           TEXT               -- why it is not done
) STRICT;
INSERT INTO "outbox" VALUES(1,'k','launches','file','launches/a.md','POST','reviews','{}','h','pending',0,1,2,NULL,NULL,NULL,NULL);
CREATE TABLE own_entity (
  name        TEXT PRIMARY KEY,
  declaration TEXT NOT NULL  -- JSON: columns in order with their types, key
) STRICT, WITHOUT ROWID;
CREATE TABLE "program_current" (  -- A program with an owner and a target date
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "name" TEXT,  -- text; 
  "owner" TEXT,  -- text; 
  "sponsor" TEXT,  -- text; 
  "team" TEXT,  -- text; 
  "status" TEXT,  -- text; as its owner declares it: green, yellow, red, done, …
  "phase" TEXT,  -- text; 
  "start_date" TEXT,  -- date; 
  "target_date" TEXT,  -- date; 
  "summary" TEXT,  -- text; 
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "program_past" (  -- ended versions: A program with an owner and a target date
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "name" TEXT,  -- text; 
  "owner" TEXT,  -- text; 
  "sponsor" TEXT,  -- text; 
  "team" TEXT,  -- text; 
  "status" TEXT,  -- text; as its owner declares it: green, yellow, red, done, …
  "phase" TEXT,  -- text; 
  "start_date" TEXT,  -- date; 
  "target_date" TEXT,  -- date; 
  "summary" TEXT,  -- text; 
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "superseded_at" INTEGER NOT NULL,  -- Unix seconds: the next state was seen, or it was seen to be gone
  "deleted_at" INTEGER,  -- Unix seconds: = superseded_at when the record vanished
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE reject_log (
  id        INTEGER PRIMARY KEY,
  stream_id INTEGER NOT NULL REFERENCES stream_state(id),
  reason    TEXT NOT NULL,
  raw       TEXT NOT NULL,     -- the record as it came
  place     TEXT NOT NULL,     -- page and position
  first_at  INTEGER NOT NULL,  -- Unix seconds: first run that rejected it
  last_at   INTEGER NOT NULL,  -- Unix seconds: newest run that rejected it
  hash      BLOB NOT NULL,     -- XXH3-128 of reason and raw: the same reject of every run is one row
  UNIQUE (stream_id, hash)
) STRICT;
INSERT INTO "reject_log" VALUES(1,7,'no id','{"a":1}','page 1, record 2',100,300,X'000102030405060708090A0B0C0D0E0F');
CREATE TABLE removed_past (
  what   TEXT NOT NULL PRIMARY KEY,  -- an entity, sync_run or reject
  before INTEGER NOT NULL            -- Unix seconds: what ended earlier may be missing
) STRICT;
INSERT INTO "removed_past" VALUES('incident',50);
CREATE TABLE "risk_current" (  -- What may go wrong in a program
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "program_id" TEXT,  -- text; id or name of the program
  "title" TEXT,  -- text; 
  "likelihood" TEXT,  -- text; in words of the source
  "impact" TEXT,  -- text; in words of the source
  "owner" TEXT,  -- text; 
  "status" TEXT,  -- text; in words of the source
  "mitigation" TEXT,  -- text; 
  "due_date" TEXT,  -- date; 
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "risk_past" (  -- ended versions: What may go wrong in a program
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "program_id" TEXT,  -- text; id or name of the program
  "title" TEXT,  -- text; 
  "likelihood" TEXT,  -- text; in words of the source
  "impact" TEXT,  -- text; in words of the source
  "owner" TEXT,  -- text; 
  "status" TEXT,  -- text; in words of the source
  "mitigation" TEXT,  -- text; 
  "due_date" TEXT,  -- date; 
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "superseded_at" INTEGER NOT NULL,  -- Unix seconds: the next state was seen, or it was seen to be gone
  "deleted_at" INTEGER,  -- Unix seconds: = superseded_at when the record vanished
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE seen_chunk (
  stream_id INTEGER NOT NULL REFERENCES stream_state(id),
  number    INTEGER NOT NULL,
  keys      BLOB NOT NULL,
  PRIMARY KEY (stream_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE "service_current" (  -- What others refer to by name; resolved through aliases
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "name" TEXT,  -- text; the name that other entities use
  "aliases" TEXT,  -- json; list of other names
  "team" TEXT,  -- text; the team that runs it
  "owner" TEXT,  -- text; the person who answers for it
  "program" TEXT,  -- text; the program it belongs to
  "tier" INTEGER,  -- integer; 1 (most critical) to 4
  "depends_on" TEXT,  -- json; list of service names
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "service_past" (  -- ended versions: What others refer to by name; resolved through aliases
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "name" TEXT,  -- text; the name that other entities use
  "aliases" TEXT,  -- json; list of other names
  "team" TEXT,  -- text; the team that runs it
  "owner" TEXT,  -- text; the person who answers for it
  "program" TEXT,  -- text; the program it belongs to
  "tier" INTEGER,  -- integer; 1 (most critical) to 4
  "depends_on" TEXT,  -- json; list of service names
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "superseded_at" INTEGER NOT NULL,  -- Unix seconds: the next state was seen, or it was seen to be gone
  "deleted_at" INTEGER,  -- Unix seconds: = superseded_at when the record vanished
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE sighting (
  source_id INTEGER NOT NULL REFERENCES source_name(id),
  entity    TEXT NOT NULL,
  id        TEXT NOT NULL,
  at        INTEGER NOT NULL,  -- Unix seconds
  PRIMARY KEY (source_id, entity, id, at)
) STRICT, WITHOUT ROWID;
INSERT INTO "sighting" VALUES(7,'incident','INC-1',310);
CREATE TABLE "slo_current" (  -- A service level objective
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "service" TEXT,  -- text; 
  "name" TEXT,  -- text; 
  "objective" REAL,  -- real; share of good events, 0..1
  "window" TEXT,  -- text; month, quarter, or a duration such as 30d
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "slo_past" (  -- ended versions: A service level objective
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "service" TEXT,  -- text; 
  "name" TEXT,  -- text; 
  "objective" REAL,  -- real; share of good events, 0..1
  "window" TEXT,  -- text; month, quarter, or a duration such as 30d
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "superseded_at" INTEGER NOT NULL,  -- Unix seconds: the next state was seen, or it was seen to be gone
  "deleted_at" INTEGER,  -- Unix seconds: = superseded_at when the record vanished
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "slo_sample_series" (
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "stream_id" INTEGER NOT NULL,
  "slo_id" TEXT,  -- text; id of the SLO
  "series_text" TEXT NOT NULL,  -- JSON array of the columns above: NULLs compare equal in it
  UNIQUE (source_id, series_text)
) STRICT;
CREATE TABLE "slo_sample_value" (  -- Counts of good and all events of an SLO
  "series" INTEGER NOT NULL,
  "at" INTEGER NOT NULL,  -- Unix seconds
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this value
  "superseded_at" INTEGER,  -- Unix seconds: a correction was seen
  "good" INTEGER,  -- integer; good events
  "total" INTEGER,  -- integer; all events
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  PRIMARY KEY (series, at, observed_at)
) STRICT, WITHOUT ROWID;
CREATE TABLE source_name (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;
INSERT INTO "source_name" VALUES(1,'local');
INSERT INTO "source_name" VALUES(7,'pager');
CREATE TABLE stream_state (
  id               INTEGER PRIMARY KEY,
  source_id        INTEGER NOT NULL REFERENCES source_name(id),
  name             TEXT NOT NULL,
  entity           TEXT NOT NULL,
  bookmark         TEXT NOT NULL DEFAULT '',  -- JSON: where the next run starts
  last_observed_at INTEGER,                   -- Unix seconds: newest logical start that wrote
  page_state       TEXT,                      -- JSON: where the interrupted run resumes; NULL: none is
  pass             TEXT,                      -- of the interrupted run: full, partial
  observed_at      INTEGER,                   -- Unix seconds: logical start of the interrupted run
  base_rows        INTEGER,                   -- rows of the stream before the interrupted run
  UNIQUE (source_id, name)
) STRICT;
INSERT INTO "stream_state" VALUES(1,1,'note','note','',1793491200,NULL,NULL,NULL,NULL);
INSERT INTO "stream_state" VALUES(7,7,'incidents','incident','{"cursor":5}',300,NULL,NULL,NULL,NULL);
CREATE TABLE sync_run_log (
  id           INTEGER PRIMARY KEY,
  stream_id    INTEGER NOT NULL REFERENCES stream_state(id),
  pass         TEXT NOT NULL,     -- full, partial
  observed_at  INTEGER NOT NULL,  -- Unix seconds: logical start, kept across a resume
  started_at   INTEGER NOT NULL,  -- Unix seconds
  finished_at  INTEGER,           -- Unix seconds; NULL: running or killed
  requests     INTEGER,
  not_modified INTEGER,           -- requests answered by 304
  bytes        INTEGER,           -- of answers, as received
  added        INTEGER NOT NULL DEFAULT 0,
  changed      INTEGER NOT NULL DEFAULT 0,
  unchanged    INTEGER NOT NULL DEFAULT 0,
  removed      INTEGER NOT NULL DEFAULT 0,
  rejected     INTEGER NOT NULL DEFAULT 0,
  duplicates   INTEGER NOT NULL DEFAULT 0,
  odd_values   INTEGER,           -- values kept in extra because the column could not hold them
  row_count    INTEGER,           -- rows of the stream after the run
  error        TEXT,
  notes        TEXT               -- JSON object
) STRICT;
INSERT INTO "sync_run_log" VALUES(1,1,'partial',1793491200,1793491200,1793491200,NULL,NULL,NULL,1,0,0,0,0,0,NULL,1,NULL,NULL);
INSERT INTO "sync_run_log" VALUES(11,7,'full',100,100,101,NULL,NULL,NULL,2,0,0,0,0,0,NULL,2,NULL,NULL);
INSERT INTO "sync_run_log" VALUES(12,7,'full',300,300,301,NULL,NULL,NULL,0,1,0,0,0,0,NULL,1,NULL,NULL);
CREATE TABLE "ticket_current" (  -- A support ticket
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "subject" TEXT,  -- text; 
  "channel" TEXT,  -- text; 
  "product" TEXT,  -- text; 
  "service" TEXT,  -- text; 
  "priority" TEXT,  -- text; in words of the source
  "status" TEXT,  -- text; in words of the source
  "created_at" INTEGER,  -- timestamp; 
  "first_response_at" INTEGER,  -- timestamp; 
  "resolved_at" INTEGER,  -- timestamp; 
  "sla_due_at" INTEGER,  -- timestamp; when the first response is due
  "sla_met" INTEGER,  -- boolean; 
  "csat_score" INTEGER,  -- integer; 1 (worst) to 5
  "csat_at" INTEGER,  -- timestamp; 
  "reason" TEXT,  -- text; 
  "reopened" INTEGER,  -- boolean; 
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE TABLE "ticket_past" (  -- ended versions: A support ticket
  "key" INTEGER PRIMARY KEY,
  "source_id" INTEGER NOT NULL,
  "id" TEXT NOT NULL,  -- the source's id; a composite key as a JSON array
  "stream_id" INTEGER NOT NULL,  -- the stream that saw it last
  "subject" TEXT,  -- text; 
  "channel" TEXT,  -- text; 
  "product" TEXT,  -- text; 
  "service" TEXT,  -- text; 
  "priority" TEXT,  -- text; in words of the source
  "status" TEXT,  -- text; in words of the source
  "created_at" INTEGER,  -- timestamp; 
  "first_response_at" INTEGER,  -- timestamp; 
  "resolved_at" INTEGER,  -- timestamp; 
  "sla_due_at" INTEGER,  -- timestamp; when the first response is due
  "sla_met" INTEGER,  -- boolean; 
  "csat_score" INTEGER,  -- integer; 1 (worst) to 5
  "csat_at" INTEGER,  -- timestamp; 
  "reason" TEXT,  -- text; 
  "reopened" INTEGER,  -- boolean; 
  "url" TEXT,
  "extra" TEXT,  -- JSON object: what has no column
  "superseded_at" INTEGER NOT NULL,  -- Unix seconds: the next state was seen, or it was seen to be gone
  "deleted_at" INTEGER,  -- Unix seconds: = superseded_at when the record vanished
  "observed_at" INTEGER NOT NULL,  -- Unix seconds: start of the sync that first saw this state
  "hash" BLOB NOT NULL  -- XXH3-128 of columns, url and extra
) STRICT;
CREATE INDEX outbox_by_subject ON outbox(source, subject, id);
CREATE UNIQUE INDEX "incident_by_id" ON "incident_current"(id, source_id);
CREATE INDEX "incident_past_by_id" ON "incident_past"(id, source_id);
CREATE INDEX incident_open ON "incident_current"(started_at) WHERE resolved_at IS NULL;
CREATE UNIQUE INDEX "service_by_id" ON "service_current"(id, source_id);
CREATE INDEX "service_past_by_id" ON "service_past"(id, source_id);
CREATE UNIQUE INDEX "calendar_by_id" ON "calendar_current"(id, source_id);
CREATE INDEX "calendar_past_by_id" ON "calendar_past"(id, source_id);
CREATE UNIQUE INDEX "incident_update_by_id" ON "incident_update_current"(id, source_id);
CREATE INDEX "incident_update_past_by_id" ON "incident_update_past"(id, source_id);
CREATE INDEX incident_update_of ON "incident_update_current"(incident_id, at);
CREATE UNIQUE INDEX "action_item_by_id" ON "action_item_current"(id, source_id);
CREATE INDEX "action_item_past_by_id" ON "action_item_past"(id, source_id);
CREATE INDEX action_item_of ON "action_item_current"(incident_id);
CREATE UNIQUE INDEX "launch_review_by_id" ON "launch_review_current"(id, source_id);
CREATE INDEX "launch_review_past_by_id" ON "launch_review_past"(id, source_id);
CREATE UNIQUE INDEX "launch_approval_by_id" ON "launch_approval_current"(id, source_id);
CREATE INDEX "launch_approval_past_by_id" ON "launch_approval_past"(id, source_id);
CREATE INDEX launch_approval_of ON "launch_approval_current"(launch_id);
CREATE UNIQUE INDEX "capacity_resource_by_id" ON "capacity_resource_current"(id, source_id);
CREATE INDEX "capacity_resource_past_by_id" ON "capacity_resource_past"(id, source_id);
CREATE UNIQUE INDEX "capacity_request_by_id" ON "capacity_request_current"(id, source_id);
CREATE INDEX "capacity_request_past_by_id" ON "capacity_request_past"(id, source_id);
CREATE UNIQUE INDEX "slo_by_id" ON "slo_current"(id, source_id);
CREATE INDEX "slo_past_by_id" ON "slo_past"(id, source_id);
CREATE UNIQUE INDEX "program_by_id" ON "program_current"(id, source_id);
CREATE INDEX "program_past_by_id" ON "program_past"(id, source_id);
CREATE UNIQUE INDEX "milestone_by_id" ON "milestone_current"(id, source_id);
CREATE INDEX "milestone_past_by_id" ON "milestone_past"(id, source_id);
CREATE UNIQUE INDEX "risk_by_id" ON "risk_current"(id, source_id);
CREATE INDEX "risk_past_by_id" ON "risk_past"(id, source_id);
CREATE UNIQUE INDEX "ticket_by_id" ON "ticket_current"(id, source_id);
CREATE INDEX "ticket_past_by_id" ON "ticket_past"(id, source_id);
CREATE INDEX "note_past_by_id" ON "note_past"(id, source_id);
CREATE UNIQUE INDEX "note_by_id" ON "note_current"(id, source_id);
CREATE INDEX sync_run_log_by_moment ON sync_run_log(stream_id, observed_at, id);
CREATE INDEX "incident_past_held" ON "incident_past"(CASE WHEN superseded_at - observed_at <= 3600 THEN 0 WHEN superseded_at - observed_at <= 28800 THEN 1 WHEN superseded_at - observed_at <= 172800 THEN 2 WHEN superseded_at - observed_at <= 604800 THEN 3 WHEN superseded_at - observed_at <= 2592000 THEN 4 WHEN superseded_at - observed_at <= 10368000 THEN 5 ELSE 6 END, superseded_at, observed_at);
CREATE INDEX "incident_by_seen" ON "incident_current"(observed_at);
CREATE INDEX incident_started ON "incident_current"(started_at, severity, service, program, kind, status, resolved_at, detected_at, acknowledged_at, mitigated_at, observed_at);
CREATE INDEX incident_resolved ON "incident_current"(resolved_at, started_at) WHERE resolved_at IS NOT NULL;
CREATE INDEX incident_postmortem ON "incident_current"(started_at) WHERE postmortem_due_date IS NOT NULL;
CREATE INDEX "service_past_held" ON "service_past"(CASE WHEN superseded_at - observed_at <= 3600 THEN 0 WHEN superseded_at - observed_at <= 28800 THEN 1 WHEN superseded_at - observed_at <= 172800 THEN 2 WHEN superseded_at - observed_at <= 604800 THEN 3 WHEN superseded_at - observed_at <= 2592000 THEN 4 WHEN superseded_at - observed_at <= 10368000 THEN 5 ELSE 6 END, superseded_at, observed_at);
CREATE INDEX "service_by_seen" ON "service_current"(observed_at);
CREATE INDEX "calendar_past_held" ON "calendar_past"(CASE WHEN superseded_at - observed_at <= 3600 THEN 0 WHEN superseded_at - observed_at <= 28800 THEN 1 WHEN superseded_at - observed_at <= 172800 THEN 2 WHEN superseded_at - observed_at <= 604800 THEN 3 WHEN superseded_at - observed_at <= 2592000 THEN 4 WHEN superseded_at - observed_at <= 10368000 THEN 5 ELSE 6 END, superseded_at, observed_at);
CREATE INDEX "calendar_by_seen" ON "calendar_current"(observed_at);
CREATE INDEX "incident_update_past_held" ON "incident_update_past"(CASE WHEN superseded_at - observed_at <= 3600 THEN 0 WHEN superseded_at - observed_at <= 28800 THEN 1 WHEN superseded_at - observed_at <= 172800 THEN 2 WHEN superseded_at - observed_at <= 604800 THEN 3 WHEN superseded_at - observed_at <= 2592000 THEN 4 WHEN superseded_at - observed_at <= 10368000 THEN 5 ELSE 6 END, superseded_at, observed_at);
CREATE INDEX "incident_update_by_seen" ON "incident_update_current"(observed_at);
CREATE INDEX "action_item_past_held" ON "action_item_past"(CASE WHEN superseded_at - observed_at <= 3600 THEN 0 WHEN superseded_at - observed_at <= 28800 THEN 1 WHEN superseded_at - observed_at <= 172800 THEN 2 WHEN superseded_at - observed_at <= 604800 THEN 3 WHEN superseded_at - observed_at <= 2592000 THEN 4 WHEN superseded_at - observed_at <= 10368000 THEN 5 ELSE 6 END, superseded_at, observed_at);
CREATE INDEX "action_item_by_seen" ON "action_item_current"(observed_at);
CREATE INDEX "launch_review_past_held" ON "launch_review_past"(CASE WHEN superseded_at - observed_at <= 3600 THEN 0 WHEN superseded_at - observed_at <= 28800 THEN 1 WHEN superseded_at - observed_at <= 172800 THEN 2 WHEN superseded_at - observed_at <= 604800 THEN 3 WHEN superseded_at - observed_at <= 2592000 THEN 4 WHEN superseded_at - observed_at <= 10368000 THEN 5 ELSE 6 END, superseded_at, observed_at);
CREATE INDEX "launch_review_by_seen" ON "launch_review_current"(observed_at);
CREATE INDEX launch_review_state ON "launch_review_current"(status, target_date);
CREATE INDEX launch_review_submitted ON "launch_review_current"(submitted_at);
CREATE INDEX launch_review_decided ON "launch_review_current"(decided_at) WHERE decided_at IS NOT NULL;
CREATE INDEX launch_review_launched ON "launch_review_current"(launched_at) WHERE launched_at IS NOT NULL;
CREATE INDEX "launch_approval_past_held" ON "launch_approval_past"(CASE WHEN superseded_at - observed_at <= 3600 THEN 0 WHEN superseded_at - observed_at <= 28800 THEN 1 WHEN superseded_at - observed_at <= 172800 THEN 2 WHEN superseded_at - observed_at <= 604800 THEN 3 WHEN superseded_at - observed_at <= 2592000 THEN 4 WHEN superseded_at - observed_at <= 10368000 THEN 5 ELSE 6 END, superseded_at, observed_at);
CREATE INDEX "launch_approval_by_seen" ON "launch_approval_current"(observed_at);
CREATE INDEX "capacity_resource_past_held" ON "capacity_resource_past"(CASE WHEN superseded_at - observed_at <= 3600 THEN 0 WHEN superseded_at - observed_at <= 28800 THEN 1 WHEN superseded_at - observed_at <= 172800 THEN 2 WHEN superseded_at - observed_at <= 604800 THEN 3 WHEN superseded_at - observed_at <= 2592000 THEN 4 WHEN superseded_at - observed_at <= 10368000 THEN 5 ELSE 6 END, superseded_at, observed_at);
CREATE INDEX "capacity_resource_by_seen" ON "capacity_resource_current"(observed_at);
CREATE INDEX "capacity_request_past_held" ON "capacity_request_past"(CASE WHEN superseded_at - observed_at <= 3600 THEN 0 WHEN superseded_at - observed_at <= 28800 THEN 1 WHEN superseded_at - observed_at <= 172800 THEN 2 WHEN superseded_at - observed_at <= 604800 THEN 3 WHEN superseded_at - observed_at <= 2592000 THEN 4 WHEN superseded_at - observed_at <= 10368000 THEN 5 ELSE 6 END, superseded_at, observed_at);
CREATE INDEX "capacity_request_by_seen" ON "capacity_request_current"(observed_at);
CREATE INDEX "slo_past_held" ON "slo_past"(CASE WHEN superseded_at - observed_at <= 3600 THEN 0 WHEN superseded_at - observed_at <= 28800 THEN 1 WHEN superseded_at - observed_at <= 172800 THEN 2 WHEN superseded_at - observed_at <= 604800 THEN 3 WHEN superseded_at - observed_at <= 2592000 THEN 4 WHEN superseded_at - observed_at <= 10368000 THEN 5 ELSE 6 END, superseded_at, observed_at);
CREATE INDEX "slo_by_seen" ON "slo_current"(observed_at);
CREATE INDEX "program_past_held" ON "program_past"(CASE WHEN superseded_at - observed_at <= 3600 THEN 0 WHEN superseded_at - observed_at <= 28800 THEN 1 WHEN superseded_at - observed_at <= 172800 THEN 2 WHEN superseded_at - observed_at <= 604800 THEN 3 WHEN superseded_at - observed_at <= 2592000 THEN 4 WHEN superseded_at - observed_at <= 10368000 THEN 5 ELSE 6 END, superseded_at, observed_at);
CREATE INDEX "program_by_seen" ON "program_current"(observed_at);
CREATE INDEX "milestone_past_held" ON "milestone_past"(CASE WHEN superseded_at - observed_at <= 3600 THEN 0 WHEN superseded_at - observed_at <= 28800 THEN 1 WHEN superseded_at - observed_at <= 172800 THEN 2 WHEN superseded_at - observed_at <= 604800 THEN 3 WHEN superseded_at - observed_at <= 2592000 THEN 4 WHEN superseded_at - observed_at <= 10368000 THEN 5 ELSE 6 END, superseded_at, observed_at);
CREATE INDEX "milestone_by_seen" ON "milestone_current"(observed_at);
CREATE INDEX "risk_past_held" ON "risk_past"(CASE WHEN superseded_at - observed_at <= 3600 THEN 0 WHEN superseded_at - observed_at <= 28800 THEN 1 WHEN superseded_at - observed_at <= 172800 THEN 2 WHEN superseded_at - observed_at <= 604800 THEN 3 WHEN superseded_at - observed_at <= 2592000 THEN 4 WHEN superseded_at - observed_at <= 10368000 THEN 5 ELSE 6 END, superseded_at, observed_at);
CREATE INDEX "risk_by_seen" ON "risk_current"(observed_at);
CREATE INDEX "ticket_past_held" ON "ticket_past"(CASE WHEN superseded_at - observed_at <= 3600 THEN 0 WHEN superseded_at - observed_at <= 28800 THEN 1 WHEN superseded_at - observed_at <= 172800 THEN 2 WHEN superseded_at - observed_at <= 604800 THEN 3 WHEN superseded_at - observed_at <= 2592000 THEN 4 WHEN superseded_at - observed_at <= 10368000 THEN 5 ELSE 6 END, superseded_at, observed_at);
CREATE INDEX "ticket_by_seen" ON "ticket_current"(observed_at);
CREATE INDEX "note_past_held" ON "note_past"(CASE WHEN superseded_at - observed_at <= 3600 THEN 0 WHEN superseded_at - observed_at <= 28800 THEN 1 WHEN superseded_at - observed_at <= 172800 THEN 2 WHEN superseded_at - observed_at <= 604800 THEN 3 WHEN superseded_at - observed_at <= 2592000 THEN 4 WHEN superseded_at - observed_at <= 10368000 THEN 5 ELSE 6 END, superseded_at, observed_at);
CREATE INDEX "note_by_seen" ON "note_current"(observed_at);
CREATE VIEW "incident" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."title", c."service", c."team", c."program", c."severity", c."status", c."kind", c."started_at", c."detected_at", c."acknowledged_at", c."mitigated_at", c."resolved_at", c."postmortem_url", c."postmortem_due_date", c."postmortem_published_at", c."cause", c."customer_impact", c.url, c.extra, c.observed_at FROM "incident_current" c;
CREATE VIEW "incident_history" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."title", c."service", c."team", c."program", c."severity", c."status", c."kind", c."started_at", c."detected_at", c."acknowledged_at", c."mitigated_at", c."resolved_at", c."postmortem_url", c."postmortem_due_date", c."postmortem_published_at", c."cause", c."customer_impact", c.url, c.extra, c.observed_at, NULL AS superseded_at, NULL AS deleted_at FROM "incident_current" c UNION ALL SELECT (SELECT name FROM source_name n WHERE n.id = p.source_id) AS source, p.id, p."title", p."service", p."team", p."program", p."severity", p."status", p."kind", p."started_at", p."detected_at", p."acknowledged_at", p."mitigated_at", p."resolved_at", p."postmortem_url", p."postmortem_due_date", p."postmortem_published_at", p."cause", p."customer_impact", p.url, p.extra, p.observed_at, p.superseded_at AS superseded_at, p.deleted_at AS deleted_at FROM "incident_past" p;
CREATE VIEW "service" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."name", c."aliases", c."team", c."owner", c."program", c."tier", c."depends_on", c.url, c.extra, c.observed_at FROM "service_current" c;
CREATE VIEW "service_history" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."name", c."aliases", c."team", c."owner", c."program", c."tier", c."depends_on", c.url, c.extra, c.observed_at, NULL AS superseded_at, NULL AS deleted_at FROM "service_current" c UNION ALL SELECT (SELECT name FROM source_name n WHERE n.id = p.source_id) AS source, p.id, p."name", p."aliases", p."team", p."owner", p."program", p."tier", p."depends_on", p.url, p.extra, p.observed_at, p.superseded_at AS superseded_at, p.deleted_at AS deleted_at FROM "service_past" p;
CREATE VIEW "calendar" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."kind", c."name", c."from_date", c."to_date", c."scope", c.url, c.extra, c.observed_at FROM "calendar_current" c;
CREATE VIEW "calendar_history" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."kind", c."name", c."from_date", c."to_date", c."scope", c.url, c.extra, c.observed_at, NULL AS superseded_at, NULL AS deleted_at FROM "calendar_current" c UNION ALL SELECT (SELECT name FROM source_name n WHERE n.id = p.source_id) AS source, p.id, p."kind", p."name", p."from_date", p."to_date", p."scope", p.url, p.extra, p.observed_at, p.superseded_at AS superseded_at, p.deleted_at AS deleted_at FROM "calendar_past" p;
CREATE VIEW "incident_update" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."incident_id", c."at", c."status", c."author", c."body", c.url, c.extra, c.observed_at FROM "incident_update_current" c;
CREATE VIEW "incident_update_history" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."incident_id", c."at", c."status", c."author", c."body", c.url, c.extra, c.observed_at, NULL AS superseded_at, NULL AS deleted_at FROM "incident_update_current" c UNION ALL SELECT (SELECT name FROM source_name n WHERE n.id = p.source_id) AS source, p.id, p."incident_id", p."at", p."status", p."author", p."body", p.url, p.extra, p.observed_at, p.superseded_at AS superseded_at, p.deleted_at AS deleted_at FROM "incident_update_past" p;
CREATE VIEW "action_item" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."incident_id", c."title", c."owner", c."team", c."priority", c."status", c."created_at", c."due_date", c."completed_at", c.url, c.extra, c.observed_at FROM "action_item_current" c;
CREATE VIEW "action_item_history" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."incident_id", c."title", c."owner", c."team", c."priority", c."status", c."created_at", c."due_date", c."completed_at", c.url, c.extra, c.observed_at, NULL AS superseded_at, NULL AS deleted_at FROM "action_item_current" c UNION ALL SELECT (SELECT name FROM source_name n WHERE n.id = p.source_id) AS source, p.id, p."incident_id", p."title", p."owner", p."team", p."priority", p."status", p."created_at", p."due_date", p."completed_at", p.url, p.extra, p.observed_at, p.superseded_at AS superseded_at, p.deleted_at AS deleted_at FROM "action_item_past" p;
CREATE VIEW "launch_review" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."title", c."service", c."team", c."owner", c."program", c."tier", c."phase", c."status", c."target_date", c."submitted_at", c."decided_at", c."launched_at", c."risk", c.url, c.extra, c.observed_at FROM "launch_review_current" c;
CREATE VIEW "launch_review_history" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."title", c."service", c."team", c."owner", c."program", c."tier", c."phase", c."status", c."target_date", c."submitted_at", c."decided_at", c."launched_at", c."risk", c.url, c.extra, c.observed_at, NULL AS superseded_at, NULL AS deleted_at FROM "launch_review_current" c UNION ALL SELECT (SELECT name FROM source_name n WHERE n.id = p.source_id) AS source, p.id, p."title", p."service", p."team", p."owner", p."program", p."tier", p."phase", p."status", p."target_date", p."submitted_at", p."decided_at", p."launched_at", p."risk", p.url, p.extra, p.observed_at, p.superseded_at AS superseded_at, p.deleted_at AS deleted_at FROM "launch_review_past" p;
CREATE VIEW "launch_approval" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."launch_id", c."area", c."approver", c."status", c."requested_at", c."decided_at", c."turn", c.url, c.extra, c.observed_at FROM "launch_approval_current" c;
CREATE VIEW "launch_approval_history" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."launch_id", c."area", c."approver", c."status", c."requested_at", c."decided_at", c."turn", c.url, c.extra, c.observed_at, NULL AS superseded_at, NULL AS deleted_at FROM "launch_approval_current" c UNION ALL SELECT (SELECT name FROM source_name n WHERE n.id = p.source_id) AS source, p.id, p."launch_id", p."area", p."approver", p."status", p."requested_at", p."decided_at", p."turn", p.url, p.extra, p.observed_at, p.superseded_at AS superseded_at, p.deleted_at AS deleted_at FROM "launch_approval_past" p;
CREATE VIEW "capacity_resource" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."name", c."kind", c."unit", c."service", c."team", c."region", c."capacity_limit", c."lead_time_days", c."unit_cost", c."owner", c.url, c.extra, c.observed_at FROM "capacity_resource_current" c;
CREATE VIEW "capacity_resource_history" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."name", c."kind", c."unit", c."service", c."team", c."region", c."capacity_limit", c."lead_time_days", c."unit_cost", c."owner", c.url, c.extra, c.observed_at, NULL AS superseded_at, NULL AS deleted_at FROM "capacity_resource_current" c UNION ALL SELECT (SELECT name FROM source_name n WHERE n.id = p.source_id) AS source, p.id, p."name", p."kind", p."unit", p."service", p."team", p."region", p."capacity_limit", p."lead_time_days", p."unit_cost", p."owner", p.url, p.extra, p.observed_at, p.superseded_at AS superseded_at, p.deleted_at AS deleted_at FROM "capacity_resource_past" p;
CREATE VIEW "capacity_sample" AS SELECT (SELECT name FROM source_name n WHERE n.id = s.source_id) AS source, json_array(s."resource_id", v.at) AS id, s."resource_id", v."at", v."used", v."capacity_limit", v.url, v.extra, v.observed_at FROM "capacity_sample_series" s CROSS JOIN "capacity_sample_value" v ON v.series = s.key WHERE v.superseded_at IS NULL;
CREATE VIEW "capacity_sample_history" AS SELECT (SELECT name FROM source_name n WHERE n.id = s.source_id) AS source, json_array(s."resource_id", v.at) AS id, s."resource_id", v."at", v."used", v."capacity_limit", v.url, v.extra, v.observed_at, v.superseded_at AS superseded_at, NULL AS deleted_at FROM "capacity_sample_series" s CROSS JOIN "capacity_sample_value" v ON v.series = s.key;
CREATE VIEW "capacity_request" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."resource_id", c."team", c."amount", c."unit", c."needed_date", c."status", c."justification", c."launch_id", c."requested_at", c."decided_at", c.url, c.extra, c.observed_at FROM "capacity_request_current" c;
CREATE VIEW "capacity_request_history" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."resource_id", c."team", c."amount", c."unit", c."needed_date", c."status", c."justification", c."launch_id", c."requested_at", c."decided_at", c.url, c.extra, c.observed_at, NULL AS superseded_at, NULL AS deleted_at FROM "capacity_request_current" c UNION ALL SELECT (SELECT name FROM source_name n WHERE n.id = p.source_id) AS source, p.id, p."resource_id", p."team", p."amount", p."unit", p."needed_date", p."status", p."justification", p."launch_id", p."requested_at", p."decided_at", p.url, p.extra, p.observed_at, p.superseded_at AS superseded_at, p.deleted_at AS deleted_at FROM "capacity_request_past" p;
CREATE VIEW "slo" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."service", c."name", c."objective", c."window", c.url, c.extra, c.observed_at FROM "slo_current" c;
CREATE VIEW "slo_history" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."service", c."name", c."objective", c."window", c.url, c.extra, c.observed_at, NULL AS superseded_at, NULL AS deleted_at FROM "slo_current" c UNION ALL SELECT (SELECT name FROM source_name n WHERE n.id = p.source_id) AS source, p.id, p."service", p."name", p."objective", p."window", p.url, p.extra, p.observed_at, p.superseded_at AS superseded_at, p.deleted_at AS deleted_at FROM "slo_past" p;
CREATE VIEW "slo_sample" AS SELECT (SELECT name FROM source_name n WHERE n.id = s.source_id) AS source, json_array(s."slo_id", v.at) AS id, s."slo_id", v."at", v."good", v."total", v.url, v.extra, v.observed_at FROM "slo_sample_series" s CROSS JOIN "slo_sample_value" v ON v.series = s.key WHERE v.superseded_at IS NULL;
CREATE VIEW "slo_sample_history" AS SELECT (SELECT name FROM source_name n WHERE n.id = s.source_id) AS source, json_array(s."slo_id", v.at) AS id, s."slo_id", v."at", v."good", v."total", v.url, v.extra, v.observed_at, v.superseded_at AS superseded_at, NULL AS deleted_at FROM "slo_sample_series" s CROSS JOIN "slo_sample_value" v ON v.series = s.key;
CREATE VIEW "program" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."name", c."owner", c."sponsor", c."team", c."status", c."phase", c."start_date", c."target_date", c."summary", c.url, c.extra, c.observed_at FROM "program_current" c;
CREATE VIEW "program_history" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."name", c."owner", c."sponsor", c."team", c."status", c."phase", c."start_date", c."target_date", c."summary", c.url, c.extra, c.observed_at, NULL AS superseded_at, NULL AS deleted_at FROM "program_current" c UNION ALL SELECT (SELECT name FROM source_name n WHERE n.id = p.source_id) AS source, p.id, p."name", p."owner", p."sponsor", p."team", p."status", p."phase", p."start_date", p."target_date", p."summary", p.url, p.extra, p.observed_at, p.superseded_at AS superseded_at, p.deleted_at AS deleted_at FROM "program_past" p;
CREATE VIEW "milestone" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."program_id", c."title", c."owner", c."status", c."due_date", c."completed_date", c."stage", c.url, c.extra, c.observed_at FROM "milestone_current" c;
CREATE VIEW "milestone_history" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."program_id", c."title", c."owner", c."status", c."due_date", c."completed_date", c."stage", c.url, c.extra, c.observed_at, NULL AS superseded_at, NULL AS deleted_at FROM "milestone_current" c UNION ALL SELECT (SELECT name FROM source_name n WHERE n.id = p.source_id) AS source, p.id, p."program_id", p."title", p."owner", p."status", p."due_date", p."completed_date", p."stage", p.url, p.extra, p.observed_at, p.superseded_at AS superseded_at, p.deleted_at AS deleted_at FROM "milestone_past" p;
CREATE VIEW "risk" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."program_id", c."title", c."likelihood", c."impact", c."owner", c."status", c."mitigation", c."due_date", c.url, c.extra, c.observed_at FROM "risk_current" c;
CREATE VIEW "risk_history" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."program_id", c."title", c."likelihood", c."impact", c."owner", c."status", c."mitigation", c."due_date", c.url, c.extra, c.observed_at, NULL AS superseded_at, NULL AS deleted_at FROM "risk_current" c UNION ALL SELECT (SELECT name FROM source_name n WHERE n.id = p.source_id) AS source, p.id, p."program_id", p."title", p."likelihood", p."impact", p."owner", p."status", p."mitigation", p."due_date", p.url, p.extra, p.observed_at, p.superseded_at AS superseded_at, p.deleted_at AS deleted_at FROM "risk_past" p;
CREATE VIEW "ticket" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."subject", c."channel", c."product", c."service", c."priority", c."status", c."created_at", c."first_response_at", c."resolved_at", c."sla_due_at", c."sla_met", c."csat_score", c."csat_at", c."reason", c."reopened", c.url, c.extra, c.observed_at FROM "ticket_current" c;
CREATE VIEW "ticket_history" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."subject", c."channel", c."product", c."service", c."priority", c."status", c."created_at", c."first_response_at", c."resolved_at", c."sla_due_at", c."sla_met", c."csat_score", c."csat_at", c."reason", c."reopened", c.url, c.extra, c.observed_at, NULL AS superseded_at, NULL AS deleted_at FROM "ticket_current" c UNION ALL SELECT (SELECT name FROM source_name n WHERE n.id = p.source_id) AS source, p.id, p."subject", p."channel", p."product", p."service", p."priority", p."status", p."created_at", p."first_response_at", p."resolved_at", p."sla_due_at", p."sla_met", p."csat_score", p."csat_at", p."reason", p."reopened", p.url, p.extra, p.observed_at, p.superseded_at AS superseded_at, p.deleted_at AS deleted_at FROM "ticket_past" p;
CREATE VIEW "measure" AS SELECT (SELECT name FROM source_name n WHERE n.id = s.source_id) AS source, json_array(s."name", s."labels", v.at) AS id, s."name", v."at", v."value", s."labels", v.url, v.extra, v.observed_at FROM "measure_series" s CROSS JOIN "measure_value" v ON v.series = s.key WHERE v.superseded_at IS NULL;
CREATE VIEW "measure_history" AS SELECT (SELECT name FROM source_name n WHERE n.id = s.source_id) AS source, json_array(s."name", s."labels", v.at) AS id, s."name", v."at", v."value", s."labels", v.url, v.extra, v.observed_at, v.superseded_at AS superseded_at, NULL AS deleted_at FROM "measure_series" s CROSS JOIN "measure_value" v ON v.series = s.key;
CREATE VIEW "note" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."at", c."author", c."subject", c."text", c."expires_date", c.url, c.extra, c.observed_at FROM "note_current" c;
CREATE VIEW "note_history" AS SELECT (SELECT name FROM source_name n WHERE n.id = c.source_id) AS source, c.id, c."at", c."author", c."subject", c."text", c."expires_date", c.url, c.extra, c.observed_at, NULL AS superseded_at, NULL AS deleted_at FROM "note_current" c UNION ALL SELECT (SELECT name FROM source_name n WHERE n.id = p.source_id) AS source, p.id, p."at", p."author", p."subject", p."text", p."expires_date", p.url, p.extra, p.observed_at, p.superseded_at AS superseded_at, p.deleted_at AS deleted_at FROM "note_past" p;
CREATE VIEW "sync_run" AS SELECT r.id, (SELECT name FROM source_name n WHERE n.id = st.source_id) AS source, st.name AS stream, st.entity, r.pass, r.observed_at, r.started_at, r.finished_at AS finished_at, r.requests AS requests, r.not_modified AS not_modified, r.bytes AS bytes, r.added AS added, r.changed AS changed, r.unchanged AS unchanged, r.removed AS removed, r.rejected AS rejected, r.duplicates AS duplicates, r.odd_values AS odd_values, r.row_count AS rows, r.error AS error, r.notes AS notes FROM sync_run_log r JOIN stream_state st ON st.id = r.stream_id;
CREATE VIEW "reject" AS SELECT (SELECT name FROM source_name n WHERE n.id = st.source_id) AS source, st.name AS stream, st.entity, j.reason, j.raw, j.place, j.first_at, j.last_at AS last_at, j.last_at >= coalesce((SELECT max(r.observed_at) FROM sync_run_log r WHERE r.stream_id = st.id AND r.pass = 'full' AND r.error IS NULL AND r.finished_at IS NOT NULL), 0) AS standing FROM reject_log j JOIN stream_state st ON st.id = j.stream_id;
CREATE VIEW "stream" AS SELECT (SELECT name FROM source_name n WHERE n.id = st.source_id) AS source, st.name AS stream, st.entity, (SELECT r.finished_at FROM sync_run_log r WHERE r.stream_id = st.id AND r.finished_at IS NOT NULL AND r.error IS NULL ORDER BY r.observed_at DESC, r.id DESC LIMIT 1) AS last_success_at, (SELECT r.finished_at FROM sync_run_log r WHERE r.stream_id = st.id AND r.finished_at IS NOT NULL AND r.error IS NULL AND r.pass = 'full' ORDER BY r.observed_at DESC, r.id DESC LIMIT 1) AS last_full_at, (SELECT r.row_count FROM sync_run_log r WHERE r.stream_id = st.id AND r.finished_at IS NOT NULL AND r.error IS NULL ORDER BY r.observed_at DESC, r.id DESC LIMIT 1) AS rows FROM stream_state st WHERE NOT (st.name = 'note' AND st.source_id IN (SELECT id FROM source_name WHERE name = 'local'));
CREATE VIEW "slip" AS 
SELECT 'milestone' AS entity, m.source, m.id, m.title, m.program, m.stage, m.at, m.before, m.after,
       CAST(julianday(m.after) - julianday(m.before) AS INTEGER) AS days,
       coalesce(m.reason, (SELECT n.text FROM note n
                           WHERE (n.subject = m.id COLLATE NOCASE OR n.subject = m.title COLLATE NOCASE)
                             AND n.at > m.before_at AND n.at < coalesce(m.next_at, 9e18)
                           ORDER BY n.at DESC, n.id LIMIT 1)) AS cause
FROM (SELECT d.*, lead(d.at) OVER (PARTITION BY d.source, d.id ORDER BY d.at) AS next_at
      FROM (SELECT source, id, title, program_id AS program, stage AS stage, observed_at AS at, due_date AS after,
                   lag(due_date) OVER earlier AS before, lag(observed_at) OVER earlier AS before_at,
                   coalesce(extra ->> '$.slip_reason', extra ->> '$.slip_cause', extra ->> '$.reason') AS reason
            FROM milestone_history WHERE due_date IS NOT NULL
            WINDOW earlier AS (PARTITION BY source, id, stage ORDER BY observed_at)) d
      WHERE d.after <> d.before) m
UNION ALL
SELECT 'launch_review' AS entity, m.source, m.id, m.title, m.program, m.stage, m.at, m.before, m.after,
       CAST(julianday(m.after) - julianday(m.before) AS INTEGER) AS days,
       coalesce(m.reason, (SELECT n.text FROM note n
                           WHERE (n.subject = m.id COLLATE NOCASE OR n.subject = m.title COLLATE NOCASE)
                             AND n.at > m.before_at AND n.at < coalesce(m.next_at, 9e18)
                           ORDER BY n.at DESC, n.id LIMIT 1)) AS cause
FROM (SELECT d.*, lead(d.at) OVER (PARTITION BY d.source, d.id ORDER BY d.at) AS next_at
      FROM (SELECT source, id, title, program AS program, phase AS stage, observed_at AS at, target_date AS after,
                   lag(target_date) OVER earlier AS before, lag(observed_at) OVER earlier AS before_at,
                   coalesce(extra ->> '$.slip_reason', extra ->> '$.slip_cause', extra ->> '$.reason') AS reason
            FROM launch_review_history WHERE target_date IS NOT NULL
            WINDOW earlier AS (PARTITION BY source, id, phase ORDER BY observed_at)) d
      WHERE d.after <> d.before) m;
CREATE VIEW "milestone_slip" AS 
SELECT e.source, e.id, e.title, e.program_id AS program, e.owner, e.stage AS stage, e.status, e.due_date AS due_date,
       (SELECT json_group_array(json_object('stage', p.stage, 'date', p.date, 'seen', p.seen))
        FROM (SELECT stage AS stage, due_date AS date, min(observed_at) AS seen FROM milestone_history h
              WHERE h.source = e.source AND h.id = e.id AND due_date IS NOT NULL AND due_date IS NOT e.due_date
              GROUP BY stage, due_date ORDER BY min(observed_at), due_date) p) AS past_dates,
       coalesce(s.slips, 0) AS slips, coalesce(s.days_slipped, 0) AS days_slipped, s.last_slip_at,
       CASE WHEN s.slips > 0 THEN s.cause END AS last_cause
FROM milestone e LEFT JOIN (
  -- cause is that of the row of max(): SQLite's rule for a bare column beside one max()
  SELECT source, id, sum(days > 0) AS slips, sum(days) AS days_slipped,
         max(CASE WHEN days > 0 THEN at END) AS last_slip_at, cause
  FROM (
SELECT 'milestone' AS entity, m.source, m.id, m.title, m.program, m.stage, m.at, m.before, m.after,
       CAST(julianday(m.after) - julianday(m.before) AS INTEGER) AS days,
       coalesce(m.reason, (SELECT n.text FROM note n
                           WHERE (n.subject = m.id COLLATE NOCASE OR n.subject = m.title COLLATE NOCASE)
                             AND n.at > m.before_at AND n.at < coalesce(m.next_at, 9e18)
                           ORDER BY n.at DESC, n.id LIMIT 1)) AS cause
FROM (SELECT d.*, lead(d.at) OVER (PARTITION BY d.source, d.id ORDER BY d.at) AS next_at
      FROM (SELECT source, id, title, program_id AS program, stage AS stage, observed_at AS at, due_date AS after,
                   lag(due_date) OVER earlier AS before, lag(observed_at) OVER earlier AS before_at,
                   coalesce(extra ->> '$.slip_reason', extra ->> '$.slip_cause', extra ->> '$.reason') AS reason
            FROM milestone_history WHERE due_date IS NOT NULL
            WINDOW earlier AS (PARTITION BY source, id, stage ORDER BY observed_at)) d
      WHERE d.after <> d.before) m) GROUP BY source, id) s ON s.source = e.source AND s.id = e.id;
CREATE VIEW "launch_slip" AS 
SELECT e.source, e.id, e.title, e.program AS program, e.owner, e.phase AS stage, e.status, e.target_date AS due_date,
       (SELECT json_group_array(json_object('stage', p.stage, 'date', p.date, 'seen', p.seen))
        FROM (SELECT phase AS stage, target_date AS date, min(observed_at) AS seen FROM launch_review_history h
              WHERE h.source = e.source AND h.id = e.id AND target_date IS NOT NULL AND target_date IS NOT e.target_date
              GROUP BY phase, target_date ORDER BY min(observed_at), target_date) p) AS past_dates,
       coalesce(s.slips, 0) AS slips, coalesce(s.days_slipped, 0) AS days_slipped, s.last_slip_at,
       CASE WHEN s.slips > 0 THEN s.cause END AS last_cause
FROM launch_review e LEFT JOIN (
  -- cause is that of the row of max(): SQLite's rule for a bare column beside one max()
  SELECT source, id, sum(days > 0) AS slips, sum(days) AS days_slipped,
         max(CASE WHEN days > 0 THEN at END) AS last_slip_at, cause
  FROM (
SELECT 'launch_review' AS entity, m.source, m.id, m.title, m.program, m.stage, m.at, m.before, m.after,
       CAST(julianday(m.after) - julianday(m.before) AS INTEGER) AS days,
       coalesce(m.reason, (SELECT n.text FROM note n
                           WHERE (n.subject = m.id COLLATE NOCASE OR n.subject = m.title COLLATE NOCASE)
                             AND n.at > m.before_at AND n.at < coalesce(m.next_at, 9e18)
                           ORDER BY n.at DESC, n.id LIMIT 1)) AS cause
FROM (SELECT d.*, lead(d.at) OVER (PARTITION BY d.source, d.id ORDER BY d.at) AS next_at
      FROM (SELECT source, id, title, program AS program, phase AS stage, observed_at AS at, target_date AS after,
                   lag(target_date) OVER earlier AS before, lag(observed_at) OVER earlier AS before_at,
                   coalesce(extra ->> '$.slip_reason', extra ->> '$.slip_cause', extra ->> '$.reason') AS reason
            FROM launch_review_history WHERE target_date IS NOT NULL
            WINDOW earlier AS (PARTITION BY source, id, phase ORDER BY observed_at)) d
      WHERE d.after <> d.before) m) GROUP BY source, id) s ON s.source = e.source AND s.id = e.id;
COMMIT;
