package flink

import (
	"strings"
	"testing"

	"hoplab.example/harness/server/access"
)

// TestLogins: each connector gets the login of its server, and others get none.
func TestLogins(t *testing.T) {
	for connector, want := range map[string]string{
		"kafka": `username="ann"`, "upsert-kafka": `username="ann"`, "elasticsearch-7": `'username' = 'bob'`, "print": "",
	} {
		table := parsed(t, "CREATE TABLE a (x INT) WITH ('connector' = '"+connector+"')", nil)
		all, err := WithLogins([]Statement{table}, access.Login{User: "ann"}, access.Login{User: "bob"})
		if err != nil || !strings.Contains(all[0].Text, want) || want == "" && all[0].Text != table.Text {
			t.Errorf("%s: %v, %s", connector, err, all[0].Text)
		}
	}
}
