package containers_test

import (
	"errors"
	"testing"

	"hoplab.example/harness/server/image"
	"hoplab.example/harness/server/runtime"
	"hoplab.example/harness/server/version"
)

// TestImageOnly boots Kibana and Grafana, which no package has, in their public
// images, or in those of stand-ins, which the tests' names say. Where these can't be pulled it says so, of each by name.
func TestImageOnly(t *testing.T) {
	classic, err := version.Find("classic")
	if err != nil {
		t.Fatal(err)
	}
	found := 0
	for _, c := range classic.Components() {
		if !c.Program.ImageOnly {
			continue
		}
		found++
		e, kind := engine(t), "real"
		if e.IsLookalike(t.Context(), c.Program.Image.Name) {
			kind = "stand-in"
		}
		t.Run(c.Name+"/"+kind, func(t *testing.T) {
			_, err := image.Find(t.Context(), e, c)
			var missing *image.MissingError
			if errors.As(err, &missing) {
				t.Skipf("skipped because of this: %v", err)
			}
			if err != nil {
				t.Fatal(err)
			}
			needed, err := classic.ByName(classic.Needed(c.Name)...)
			if err != nil {
				t.Fatal(err)
			}
			rt, _ := newRuntime(t)
			for _, n := range needed {
				if _, err := runtime.Boot(t.Context(), rt, n, quiet); err != nil {
					t.Fatal(err)
				}
			}
		})
	}
	if found != 2 {
		t.Errorf("%d components are images only, want Kibana and Grafana", found)
	}
}
