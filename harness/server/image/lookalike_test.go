package image

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"hoplab.example/harness/server/layout"
	"hoplab.example/harness/util/golden"
)

// TestDockerfiles shows what each lookalike is built of.
func TestDockerfiles(t *testing.T) {
	names := map[string]string{}
	for _, name := range []string{"mosquitto", "kafka", "flink", "elasticsearch", "grafana", "kibana"} {
		var all strings.Builder
		l := layout.Of(name)
		for tag := range l.Tags {
			public := l.Image(tag).Name
			k := newLookalike(public)
			like := lookalikeName(public)
			if other := names[like]; other != "" || !strings.HasPrefix(like, "hoplab/"+name+":"+tag+"-") {
				t.Errorf("%s and %s are called %s", public, other, like)
			}
			names[like] = public
			if all.Len() == 0 {
				fmt.Fprint(&all, strings.NewReplacer(k.base().Name(), "BASE", tag, "TAG").Replace(k.dockerfile()))
			}
		}
		golden.Check(t, filepath.Join("testdata", name+".golden"), all.String())
	}
}

func TestOffered(t *testing.T) {
	if err := offered([]string{"linux/amd64", "linux/arm64"}, "linux/arm64"); err != nil {
		t.Error(err)
	}
	err := offered(layout.Of("kibana").Image("7.6.0").Platforms, "linux/arm64")
	if err == nil || err.Error() != "it exists for linux/amd64 only, and the engine runs linux/arm64" {
		t.Errorf("Kibana 7.6.0 on Apple silicon: %v", err)
	}
}
