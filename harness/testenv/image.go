package testenv

import (
	"errors"
	"testing"

	"hoplab.example/harness/server/image"
	"hoplab.example/harness/server/runtime/local"
	"hoplab.example/harness/server/version"
)

// NeedImage is Need for a component that hoplab has as a container image only. Where that
// can't run, it skips the test and says which component and why.
func NeedImage(t *testing.T, component string, others ...string) *Env {
	t.Helper()
	if err := cannotRun(t, component); err != nil {
		t.Skipf("skipped because %s can't run here: %v", component, err)
	}
	return Need(t, append(others, component)...)
}

// Kind is "stand-in" where the component's container runs hoplab's own program in the
// place of the server, which then proves nothing about that server. Otherwise it is
// "real". A test that needs such a component has it in its name.
func Kind(t *testing.T, component string) string {
	t.Helper()
	versions, err := version.Find(version.Wanted(""))
	if err != nil {
		t.Fatal(err)
	}
	found, err := versions.ByName(component)
	if err != nil {
		t.Fatal(err)
	}
	if config, _ := config(t, versions); config.Runtime != "containers" || !found[0].Program.ImageOnly {
		return "real"
	}
	engine, err := image.NewEngine(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer engine.Close()
	if engine.IsLookalike(t.Context(), found[0].Program.Image.Name) {
		return "stand-in"
	}
	return "real"
}

func cannotRun(t *testing.T, component string) error {
	t.Helper()
	versions, err := version.Find(version.Wanted(""))
	if err != nil {
		t.Fatal(err)
	}
	found, err := versions.ByName(component)
	if err != nil {
		t.Fatal(err)
	}
	switch config, file := config(t, versions); config.Runtime {
	case "attach":
		if file.Has(component) {
			return nil
		}
		return errors.New("the file of addresses doesn't have it")
	case "containers":
		engine, err := image.NewEngine(t.Context())
		if err != nil {
			return nil // Need says so
		}
		defer engine.Close()
		_, err = image.Find(t.Context(), engine, found[0])
		return err
	default:
		return &local.ImageOnlyError{Image: found[0].Program.Image.Name}
	}
}
