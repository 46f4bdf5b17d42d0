package course

import (
	"context"
	"errors"
	"testing"
	"time"

	"hoplab.example/harness/exercise/notebook"
)

// TestReads: a cell that changes something never runs twice.
func TestReads(t *testing.T) {
	for _, c := range []struct {
		kind notebook.Kind
		code string
		want bool
	}{
		{notebook.HTTP, "GET http://x/y\n", true},
		{notebook.HTTP, "POST http://x/_search\n", false},
		{notebook.SQL, "-- a comment\nSELECT 1; WITH a AS (SELECT 1) SELECT * FROM a;", true},
		{notebook.SQL, "SELECT 1; INSERT INTO a SELECT 1;", false},
		{notebook.SQL, "CREATE TABLE a (b INT);", false},
		{notebook.SQL, "SELECT '${unknown}';", false},
		{notebook.Sh, "ls\n", false},
	} {
		if got := reads(notebook.Cell{Kind: c.kind, Code: c.code}); got != c.want {
			t.Errorf("%s %q reads: %v, want %v", c.kind, c.code, got, c.want)
		}
	}
}

// TestAgainStops: neither after a server's error nor after the context's end is a cell
// run again.
func TestAgainStops(t *testing.T) {
	cell := notebook.Cell{Kind: notebook.HTTP, Code: "GET http://x/y\n", Output: &notebook.Output{Text: "no\n"}}
	broken := errors.New("broken")
	for _, c := range []struct {
		name string
		err  error
		end  bool
	}{{"an error", broken, false}, {"the end", nil, true}} {
		t.Run(c.name, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			asked := 0
			next := executorFunc(func(context.Context, notebook.Cell) (string, error) {
				if asked++; c.end {
					cancel()
				}
				return "yes\n", c.err
			})
			if _, err := (again{next, time.Minute}).Run(ctx, cell); err != c.err || asked != 1 {
				t.Errorf("asked %d times, %v", asked, err)
			}
		})
	}
}
