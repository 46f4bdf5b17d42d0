package version

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"hoplab.example/fixtures"
	"hoplab.example/harness/server/component"
	"hoplab.example/harness/util/jdk"
	"hoplab.example/harness/util/tool"
)

func eachPart(t *testing.T, check func(*testing.T, Part)) {
	t.Helper()
	for _, s := range append(All(), compat()) {
		for _, p := range s.Parts {
			t.Run(s.Name+"/"+p.Name, func(t *testing.T) { check(t, p) })
		}
	}
}

// pinned is an image's reference whose tag begins with a version of three parts.
var pinned = regexp.MustCompile(`^[a-z./-]+:(\d+\.\d+\.\d+)(-[a-z0-9]+)?$`)

func TestEveryComponentCanBeHad(t *testing.T) {
	eachPart(t, func(t *testing.T, p Part) {
		if p.Why == "" || len(p.described) == 0 || len(p.Components) != len(p.described) {
			t.Errorf("part = %+v", p)
		}
		for _, c := range p.described {
			g := c.Program
			if g.Python != "" {
				if _, err := fixtures.Python(g.Python); err != nil || len(g.Poms) > 0 || g.Image.Name != "" {
					t.Errorf("%s: %v; its poms are %v, its image %q", c.Name, err, g.Poms, g.Image.Name)
				}
				continue
			}
			if len(g.Poms) == 0 && g.Binary.Name == "" && g.Builtin == "" && !g.ImageOnly {
				t.Errorf("%s runs nowhere but in containers, and isn't ImageOnly", c.Name)
			}
			if g.Image.Name == "" || g.Image.User == "" || !slices.Contains(g.Image.Platforms, "linux/amd64") {
				t.Errorf("%s has the image %+v", c.Name, g.Image)
			}
			if g.ImageOnly && (len(g.Poms) > 0 || g.Image.Executable == "") {
				t.Errorf("%s is ImageOnly with poms %v and executable %q", c.Name, g.Poms, g.Image.Executable)
			}
			if len(g.Poms) > 0 && (len(g.Image.Artefacts) < len(g.Poms) || g.Image.JavaHome == "") {
				t.Errorf("%s: the image has %v for the poms %v, and Java in %q", c.Name, g.Image.Artefacts, g.Poms, g.Image.JavaHome)
			}
			if (len(g.Poms) > 0) != (g.Java.Oldest > 0) {
				t.Errorf("%s: its poms are %v, and it runs on %v", c.Name, g.Poms, g.Java)
			}
			for _, extra := range g.Image.Extra {
				if !slices.Contains(g.Poms, extra) {
					t.Errorf("%s: what its image lacks, %s, is none of its poms", c.Name, extra)
				}
			}
		}
	})
}

func TestTagsArePinned(t *testing.T) {
	eachPart(t, func(t *testing.T, p Part) {
		tag := pinned.FindStringSubmatch(p.Image)
		switch {
		case p.Packages != "": // a process only
		case tag == nil:
			t.Errorf("image %q has no tag with a whole version", p.Image)
		case p.Name == "zookeeper": // its jar and image are Kafka's
		case p.described[0].Program.Builtin != "": // it runs in mosquitto's
		case tag[1] != p.Version:
			t.Errorf("version %s, image %s", p.Version, p.Image)
		}
	})
}

func TestPomsAgree(t *testing.T) {
	eachPart(t, func(t *testing.T, p Part) {
		var all strings.Builder
		for _, name := range p.Poms {
			pom, err := fixtures.Pom(name)
			if err != nil {
				t.Fatal(err)
			}
			all.Write(pom)
			if !strings.Contains(string(pom), "<artifactId>"+name+"</artifactId>") || !strings.Contains(string(pom), "<hoplab.download.mib>") {
				t.Errorf("%s.xml lacks its own name or the size of its download", name)
			}
		}
		if version := pinned.FindStringSubmatch(p.Image); len(p.Poms) > 0 && !strings.Contains(all.String(), "<version>"+version[1]+"</version>") {
			t.Errorf("the poms %v lack version %s", p.Poms, version[1])
		}
		for _, jar := range p.Jars {
			name, version, _ := strings.Cut(jar, ":")
			want := regexp.MustCompile(`<artifactId>` + name + `</artifactId>\s*<version>` + regexp.QuoteMeta(version) + `</version>`)
			if !want.MatchString(all.String()) {
				t.Errorf("the poms %v lack %s", p.Poms, jar)
			}
		}
	})
}

func TestMochiIsOurs(t *testing.T) {
	mod, err := os.ReadFile("../../../go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if want := "github.com/mochi-mqtt/server/v2 v" + mochi().Version; !strings.Contains(string(mod), want) {
		t.Errorf("go.mod lacks %q", want)
	}
}

func TestStacks(t *testing.T) {
	if names := Names(); !slices.Equal(names, []string{"classic", "seed", "current"}) || names[0] != Default {
		t.Errorf("stacks = %v", names)
	}
	for _, s := range append(All(), compat()) {
		if s.Why == "" {
			t.Errorf("%s has no reason", s.Name)
		}
		seen := map[string]bool{}
		for _, c := range s.Components() {
			if seen[c.Name] {
				t.Errorf("%s has %s twice", s.Name, c.Name)
			}
			seen[c.Name] = true
			if packaged := slices.ContainsFunc(s.Packaged(), func(o component.Component) bool { return o.Name == c.Name }); packaged == (c.Program.ImageOnly || c.Program.Python != "") {
				t.Errorf("%s: %s is packaged: %v", s.Name, c.Name, packaged)
			}
			if _, err := s.ByName(c.Peers...); err != nil {
				t.Errorf("%s: a peer of %s: %v", s.Name, c.Name, err)
			}
		}
	}
}

// TestSpare: a component that is described and in no stack is one more of each, and
// nothing that a stack needs.
func TestSpare(t *testing.T) {
	mine := component.Component{Name: "mine", Program: component.Program{Binary: tool.Tool{Name: "mined"}, Image: component.Image{Name: "mine:1"}}}
	all := spare(append(component.All(), mine))
	if len(all) != len(spare(component.All()))+1 {
		t.Fatalf("%+v", all)
	}
	parts := all[len(all)-1:]
	s := classic()
	s.Parts = append(s.Parts, parts...)
	if found, err := s.ByName("mine"); err != nil || found[0].Program.Image.Name != "mine:1" {
		t.Errorf("%+v, %v", found, err)
	}
	if n := len(s.Standard()); n != len(classic().Standard()) {
		t.Errorf("%d standard components", n)
	}
	if tools := s.Tools(); !slices.Equal(tools, []tool.Tool{tool.Mosquitto, tool.Bash}) {
		t.Errorf("the stack needs %+v", tools)
	}
}

func TestFind(t *testing.T) {
	for asked, want := range map[string]string{"": "classic", "classic": "classic", "seed": "seed", "current": "current", Compat: "compat"} {
		if s, err := Find(asked); err != nil || s.Name != want {
			t.Errorf("Find(%q) = %s, %v", asked, s.Name, err)
		}
	}
	if _, err := Find("ancient"); err == nil || !strings.Contains(err.Error(), "[classic seed current]") {
		t.Errorf("error = %v, want one that lists the stacks", err)
	}
	t.Setenv(Variable, "seed")
	if Wanted("") != "seed" || Wanted("current") != "current" {
		t.Errorf("wanted: %q of the environment, %q of the flag", Wanted(""), Wanted("current"))
	}
}

func TestByName(t *testing.T) {
	found, err := seed().ByName("kafka", "elasticsearch")
	if err != nil || len(found) != 2 || found[0].Program.Poms[0] != "kafka-3.9" || found[1].Program.Image.Name != "docker.elastic.co/elasticsearch/elasticsearch:7.6.0" {
		t.Errorf("found %+v, %v", found, err)
	}
	_, err = classic().ByName("kafka", "zookeeper")
	if err == nil || !strings.Contains(err.Error(), `stack classic is called "zookeeper"`) || !strings.Contains(err.Error(), "elasticsearch") {
		t.Errorf("error = %v, want one that lists the components", err)
	}
}

func TestNeeded(t *testing.T) {
	cases := []struct {
		of          Stack
		names, want string
	}{
		{classic(), "mochi kafka", "mochi kafka"},
		{seed(), "mochi kafka", "mochi zookeeper kafka"},
		{seed(), "connect kafka", "zookeeper kafka connect"},
		{seed(), "kafka zookeeper", "zookeeper kafka"},
		{classic(), "flink-gateway grafana", "flink-jobmanager flink-gateway elasticsearch grafana"},
		{classic(), "zebra", "zebra"},
	}
	for _, c := range cases {
		if got := strings.Join(c.of.Needed(strings.Fields(c.names)...), " "); got != c.want {
			t.Errorf("%s needs for %s: %s, want %s", c.of.Name, c.names, got, c.want)
		}
	}
}

func TestJSON(t *testing.T) {
	text, err := json.Marshal(seed())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"name":"seed"`, `"name":"kafka","components":["kafka"],"version":"3.9.2","image":"apache/kafka:3.9.2","poms":["kafka-3.9"]`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("JSON lacks %s:\n%s", want, text)
		}
	}
}

func TestNodes(t *testing.T) {
	var names []string
	for _, p := range compat().Nodes() {
		names = append(names, p.Name+"="+p.Version)
		if !slices.Equal(p.Components, []string{p.Name}) {
			t.Errorf("%s has the components %v", p.Name, p.Components)
		}
	}
	want := "elasticsearch-7.6=7.6.0 elasticsearch-7.17=7.17.29 elasticsearch-8.6=8.6.2 elasticsearch-8.19=8.19.21 elasticsearch-9.2=9.2.4"
	if got := strings.Join(names, " "); got != want {
		t.Errorf("nodes = %s, want %s", got, want)
	}
}

func TestJavaOfElasticsearch(t *testing.T) {
	for name, want := range map[string]jdk.Versions{
		"classic": {Oldest: 17, Newest: 23}, "seed": {Oldest: 17, Newest: 23}, "current": {Oldest: 21},
	} {
		stack, err := Find(name)
		if err != nil {
			t.Fatal(err)
		}
		found, err := stack.ByName("elasticsearch")
		if err != nil || found[0].Program.Java != want {
			t.Errorf("%s: Elasticsearch runs on %v, %v; want %v", name, found[0].Program.Java, err, want)
		}
	}
}
