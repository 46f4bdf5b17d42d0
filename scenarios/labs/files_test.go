package labs

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/util/need"
	"hoplab.example/harness/verify/hop"
)

// TestBadFiles: files that can't be a student's work fail; they aren't an error of the
// grader.
func TestBadFiles(t *testing.T) {
	for _, l := range allLabs(t) {
		for _, c := range []struct {
			name   string
			spoil  func(path string) error
			check  string
			reason string
		}{
			{"missing", os.Remove, "files", "isn't there"},
			{"too long", func(path string) error { return os.WriteFile(path, bytes.Repeat([]byte("{}\n"), 700_000), 0o644) }, "files", "has 2100000 bytes, more than"},
			{"no text", func(path string) error { return os.WriteFile(path, []byte("\x00\xff\xfe\x01"), 0o644) }, "", ""},
			{"empty", func(path string) error { return os.WriteFile(path, nil, 0o644) }, "files", "it is empty; 'lab reset' brings the lab's file back"},
		} {
			t.Run(l.ID+" "+c.name, func(t *testing.T) {
				t.Parallel()
				dir := copyOf(t, l, "solution")
				if err := c.spoil(filepath.Join(dir, l.Files[len(l.Files)-1])); err != nil {
					t.Fatal(err)
				}
				fails(t, l, dir, c.check, c.reason)
			})
		}
	}
}

// fails fails the test unless a check has failed with this reason, and those after it
// are skipped if it is the first.
func fails(t *testing.T, l lab.Lab, dir, check, reason string) {
	t.Helper()
	result := graded(t, l, dir)
	failed := 0
	for _, made := range result.Checks {
		switch made.Outcome {
		case hop.Error:
			t.Errorf("%s is an error: %s", made.ID, made.Reason)
		case hop.Failed:
			failed++
			if made.Reason == "" || check != "" && (made.ID != check || !strings.Contains(made.Reason, reason)) {
				t.Errorf("%s has failed: %s\nwant %s: %s", made.ID, made.Reason, check, reason)
			}
		}
	}
	if failed == 0 {
		t.Errorf("nothing has failed: %+v", result.Checks)
	}
}

// TestHostileScripts: a script reaches its own topic of the broker, and no other.
func TestHostileScripts(t *testing.T) {
	need.Mosquitto.Program(t, "mosquitto_pub")
	l := allLabs(t)[0]
	broker := `host=${MQTT%:*} port=${MQTT#*:}` + "\n"
	for name, c := range map[string]struct{ script, reason string }{
		"publishes to another's": {`mosquitto_pub -h "$host" -p "$port" -q 1 -t smart_b -m x`, `published to "smart_b"`},
		"listens to all":         {`mosquitto_sub -h "$host" -p "$port" -t '#' -W 3`, `subscribed to "#"`},
		"leaves a will":          {`mosquitto_pub -h "$host" -p "$port" --will-topic smart_b --will-payload x -t "$TOPIC" -m x`, `a will for "smart_b"`},
		"speaks version 5":       {`mosquitto_pub -V 5 -h "$host" -p "$port" -q 1 -t smart_b -m x`, `published to "smart_b"`},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dir := copyOf(t, l, "solution")
			text := "#!/bin/sh\n" + broker + c.script + " || true\n"
			if err := os.WriteFile(filepath.Join(dir, l.Files[0]), []byte(text), 0o644); err != nil {
				t.Fatal(err)
			}
			fails(t, l, dir, "ends", c.reason)
		})
	}
}
