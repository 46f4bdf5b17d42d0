package keeper

import (
	"strings"
	"testing"
)

func TestLastWords(t *testing.T) {
	for said, want := range map[string]string{
		"":                    "",
		"keeper: no room\n\n": `: its last words are "keeper: no room"`,
		"begun\npanic: unknown binary: redis-server\n\ngoroutine 1 [running]:\nmain.main()\n": `: its last words are "panic: unknown binary: redis-server"`,
		"fatal error: out of memory\nruntime stack:\n":                                        `: its last words are "fatal error: out of memory"`,
	} {
		got := lastWords(said, "/runs/x/keeper.log")
		if !strings.HasPrefix(got, want) || (want == "") != (got == "") {
			t.Errorf("%q: %q, want %q", said, got, want)
		}
	}
}
