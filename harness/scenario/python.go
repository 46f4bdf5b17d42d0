package scenario

import (
	"os"
	"testing"

	"hoplab.example/harness/server/cache"
	"hoplab.example/harness/server/python"
	"hoplab.example/harness/server/runtime/choose"
	"hoplab.example/harness/util/dirs"
	"hoplab.example/harness/util/need"
)

// Python returns what runs scripts of the labs. It downloads the packages, 1 MB, where
// they aren't in the cache, and skips the test where they can't be had, and on servers that
// others have started: a script has no password for them.
func Python(t testing.TB) python.Env {
	t.Helper()
	if os.Getenv(choose.Variable) == "attach" {
		t.Skip("skipped because a script in Python has no password for servers that ask for one")
	}
	dir, err := dirs.Cache()
	if err != nil {
		t.Fatal(err)
	}
	env, err := python.Of(dir).Env(t.Context(), python.Clients, func(cache.Progress) {})
	if err != nil {
		need.Python.Skip(t, err)
	}
	return env
}
