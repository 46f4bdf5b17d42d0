package grade

import (
	"context"
	"strings"
	"testing"
	"time"

	"hoplab.example/harness/exercise/sandbox"
)

func TestRunBare(t *testing.T) {
	t.Setenv("MY_SECRET", "swordfish")
	for script, want := range map[string]sandbox.Result{
		"echo $TOPIC; exit 3":        {Exit: 3, Output: []byte("smart\n")},
		"echo \"secret $MY_SECRET\"": {Output: []byte("secret \n")},
	} {
		got, err := runBare(t.Context(), sandbox.Options{Script: script, Dir: t.TempDir(), Env: []string{"TOPIC=smart"}})
		if err != nil || got.Exit != want.Exit || string(got.Output) != string(want.Output) {
			t.Errorf("%s: %+v, %v; want %+v", script, got, err, want)
		}
	}
}

func TestRunBareEnds(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	began := time.Now()
	got, err := runBare(ctx, sandbox.Options{Script: "while :; do echo endless; done", Dir: t.TempDir()})
	if err != nil || got.Limit != sandbox.WallTime || time.Since(began) > 10*time.Second {
		t.Errorf("%v after %v: limit %q", err, time.Since(began), got.Limit)
	}
	if len(got.Output) > bareOutput || !strings.HasPrefix(string(got.Output), "endless\n") {
		t.Errorf("%d bytes were kept", len(got.Output))
	}
}
