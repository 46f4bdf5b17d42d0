package image_test

import (
	"errors"
	"strings"
	"testing"

	"hoplab.example/harness/server/image"
	"hoplab.example/harness/server/version"
)

// TestBuiltTagsTellVersions: images of two stacks may be there side by side.
func TestBuiltTagsTellVersions(t *testing.T) {
	names := map[string]map[string]string{}
	for _, s := range version.All() {
		names[s.Name] = map[string]string{}
		for _, c := range s.Components() {
			if c.Program.ImageOnly {
				continue
			}
			built, err := image.Built(c)
			if err != nil || !built.Built || len(built.Artefacts) != len(c.Program.Poms) {
				t.Fatalf("%s of %s: %+v, %v", c.Name, s.Name, built, err)
			}
			for i, pom := range c.Program.Poms { // a plug-in has to be alone in its parent
				if got := built.Artefacts[i]; !strings.HasSuffix(got, "/"+pom+"/"+pom) {
					t.Errorf("%s: artefact %s is at %s", c.Name, pom, got)
				}
			}
			names[s.Name][c.Name] = built.Name
		}
	}
	for _, name := range []string{"kafka", "connect", "elasticsearch"} {
		if names["seed"][name] == names["classic"][name] {
			t.Errorf("%s: seed and classic share %s", name, names["seed"][name])
		}
	}
	if names["seed"]["kafka"] != names["seed"]["zookeeper"] {
		t.Errorf("equal artefacts have images of two names: %v", names)
	}
	if classic := names["classic"]; classic["flink-gateway"] != classic["flink-jobmanager"] || classic["kafka"] == classic["connect"] {
		t.Errorf("images: %v", classic)
	}
	if got := names["classic"]["mosquitto"]; got != image.Base() {
		t.Errorf("mosquitto's image is %s, want %s", got, image.Base())
	}
}

func TestMissingErrorSaysWhatToDo(t *testing.T) {
	cause := errors.New("no such host")
	cases := []struct {
		err        image.MissingError
		text, hint string
	}{
		{image.MissingError{Component: "kafka", Public: "apache/kafka:1.2.3", Built: "hoplab/kafka:1", Cause: cause}, "apache/kafka:1.2.3 can't be pulled (no such host), and hoplab/kafka:1 is not there", "lab dev images build"},
		{image.MissingError{Component: "zebra", Built: "hoplab/zebra:1"}, "no public image", "lab dev images build"},
		{image.MissingError{Component: "kibana", Public: "kibana:1.2.3", Cause: cause}, "no such host), and no package exists", "lab images load"},
	}
	for _, c := range cases {
		if !strings.Contains(c.err.Error(), c.text) || !strings.Contains(c.err.Hint(), c.hint) {
			t.Errorf("%q, hint %q; want %q and %q", c.err.Error(), c.err.Hint(), c.text, c.hint)
		}
	}
}
