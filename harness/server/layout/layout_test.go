package layout

import (
	"fmt"
	"regexp"
	"testing"

	"hoplab.example/harness/util/golden"
)

// TestPage: docs/images.md is what the layouts say.
func TestPage(t *testing.T) { golden.Check(t, "../../../docs/images.md", Page()) }

var (
	numbers  = regexp.MustCompile(`^\d+:\d+$`)
	digest   = regexp.MustCompile(`^sha256:[0-9a-f]{64}$`)
	platform = regexp.MustCompile(`^linux/(amd64|arm64)$`)
)

func TestLayouts(t *testing.T) {
	for _, name := range Names() {
		l := Of(name)
		if !numbers.MatchString(l.User) || l.Userland != "busybox" && l.Userland != "debian" || len(l.Expose) == 0 || len(l.Tags) == 0 {
			t.Errorf("%s: %+v", name, l)
		}
		for tag, known := range l.Tags {
			for _, p := range known.Platforms {
				if !platform.MatchString(p) {
					t.Errorf("%s:%s has the platform %q", name, tag, p)
				}
			}
			if known.Digest != "" && !digest.MatchString(known.Digest) {
				t.Errorf("%s:%s has the digest %q", name, tag, known.Digest)
			}
			image := l.Image(tag)
			if found, _, known := ByImage(image.Name); !known || found.Name != name || image.User != l.User {
				t.Errorf("%s is %+v, %v", image.Name, found, known)
			}
		}
		for _, s := range l.Sources {
			if s.Fact == "" || s.At == "" {
				t.Errorf("%s: a source without a fact or a place: %+v", name, s)
			}
		}
		if len(l.Sources) == 0 {
			t.Errorf("%s has no source", name)
		}
	}
	for _, unknown := range []func(){func() { Of("zebra") }, func() { Of("kafka").Image("0.1") }} {
		if !panics(unknown) {
			t.Error("an unknown layout or tag isn't an error")
		}
	}
	if _, _, known := ByImage("zebra:1"); known {
		t.Error("zebra:1 has a layout")
	}
}

func panics(do func()) (said bool) {
	defer func() { said = fmt.Sprint(recover()) != "<nil>" }()
	do()
	return
}
