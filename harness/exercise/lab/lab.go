// Package lab reads what a lab asks for: its lab.yaml, with the files that a
// student fills in, and the checks, with their points, hints and reasons.
package lab

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"hoplab.example/harness/rows/wisdm"
)

// File is the file in each lab's folder that defines the lab.
const File = "lab.yaml"

// PrivateFile has a lab's further checks in a teacher's private folder, as lab.yaml
// has them under checks. All of them are hidden.
const PrivateFile = "checks.yaml"

// Lab is a lab, as its lab.yaml describes it. Unknown keys are errors.
type Lab struct {
	ID     string `yaml:"-"` // its folder's name, such as "03-flink"
	Folder Folder `yaml:"-"`

	Title string `yaml:"title"`
	Hop   string `yaml:"hop"` // the hop that the lab is about
	// Components are the servers that its checks need. What those need in turn is
	// implied.
	Components []string `yaml:"components"`
	// Weight is how much the lab counts among others; 0 stands for its points.
	Weight int `yaml:"weight"`
	// Elective labs are graded where a class has handed in any of their files, or where
	// the grader names them; nobody loses points for one that a course leaves out.
	Elective bool `yaml:"elective"`
	// Files are what the student fills in: each is in work/, with TODOs, and in
	// solution/.
	Files []string `yaml:"files"`
	// Rows is how many rows the grader sends.
	Rows int64 `yaml:"rows"`
	// Subjects, Devices and Sensors say whose rows they are; without them, many subjects
	// with all four sensors. The fewer there are, the longer each session is: a sensor
	// measures 20 times a second.
	Subjects int      `yaml:"subjects"`
	Devices  []string `yaml:"devices"`
	Sensors  []string `yaml:"sensors"`
	// Uneven says that in some sessions one of the devices stops long before the other.
	Uneven bool `yaml:"uneven"`
	// Topics are Kafka's topics beside the run's own that are there when the lab
	// begins, such as ${topic}-windows.
	Topics []string `yaml:"topics"`
	// Broken is how many messages that hold no row come per 100 rows. The rows then come from
	// publishers of two versions, straight into Kafka; package mixed says more.
	Broken int `yaml:"broken"`
	// Names says that the topic ${topic}-names, one of Topics, has what the activities are
	// called, and since when.
	Names bool `yaml:"names"`
	// Choose has values of which each student gets one, such as seconds: ["2", "3"]. A
	// work file, and options of checks, name it as ${seconds}.
	Choose map[string][]string `yaml:"choose"`
	// Ours are the values that hoplab fills in where it uses the solution itself: none of
	// them is a student's.
	Ours   map[string]string `yaml:"ours"`
	Checks []Check           `yaml:"checks"`
}

// Check is one thing that a lab asks for.
type Check struct {
	ID    string `yaml:"id"`
	Title string `yaml:"title"`
	// Run is the kind of check, one that the grader knows.
	Run string `yaml:"run"`
	// With has the kind's options, see [Kind].
	With   map[string]string `yaml:"with"`
	Points int               `yaml:"points"`
	// After names checks without which this one makes no sense: if one of them
	// hasn't passed, it is skipped.
	After []string `yaml:"after"`
	// Limit is how long it may take; 0 stands for DefaultLimit.
	Limit  time.Duration `yaml:"limit"`
	Hidden bool          `yaml:"hidden"`
	// Rationale says why this is checked. Hints say how to go on, the vaguest first.
	Rationale string   `yaml:"rationale"`
	Hints     []string `yaml:"hints"`
	// Symptoms have other hints for reasons why the check may fail.
	Symptoms []Symptom `yaml:"symptoms"`
}

// Symptom has the hints for some of the reasons why a check fails.
type Symptom struct {
	Seen  string   `yaml:"seen"` // a regular expression, found in the reason
	Hints []string `yaml:"hints"`
}

// HintsFor returns the hints for a check that has failed for this reason, and a name
// for them: those of its first symptom that fits, otherwise the check's own.
func (c Check) HintsFor(reason string) (name string, hints []string) {
	for _, s := range c.Symptoms {
		if found, err := regexp.MatchString(s.Seen, reason); found && err == nil {
			return c.ID + "/" + s.Seen, s.Hints
		}
	}
	return c.ID, c.Hints
}

// DefaultLimit is the limit of a check that sets none.
const DefaultLimit = time.Minute

// Number returns 3 for "03-flink".
func (l Lab) Number() int {
	n := 0
	fmt.Sscanf(l.ID, "%d", &n)
	return n
}

// Generator returns the lab's rows that come from a seed.
func (l Lab) Generator(seed uint64) wisdm.Generator {
	return wisdm.Generator{Seed: seed, Rows: l.Rows, Subjects: l.Subjects, Devices: l.Devices, Sensors: l.Sensors, Uneven: l.Uneven}
}

// topicPrefix begins the name of each further topic: the run's own topic.
const topicPrefix = "${topic}-"

// OwnTopics returns the names of the lab's further topics in a run that has a topic.
func (l Lab) OwnTopics(topic string) (names []string, err error) {
	for _, name := range l.Topics {
		after, ok := strings.CutPrefix(name, topicPrefix)
		if !ok || !topicSuffix.MatchString(after) {
			return nil, fmt.Errorf("topic %q: want %s and letters, digits, dots or hyphens", name, topicPrefix)
		}
		names = append(names, topic+"-"+after)
	}
	return names, nil
}

var topicSuffix = regexp.MustCompile(`^[A-Za-z0-9._-]{1,60}$`)

// Practice returns the lab without its hidden checks, as a student works on it.
func (l Lab) Practice() Lab {
	l.Checks = slices.DeleteFunc(slices.Clone(l.Checks), func(c Check) bool { return c.Hidden })
	return l
}

// Points returns how many points the lab has.
func (l Lab) Points() (sum int) {
	for _, c := range l.Checks {
		sum += c.Points
	}
	return sum
}

// Read reads and checks one lab. The error joins one *[Problem] for each thing
// that is wrong with its definition.
func (s Set) Read(id string) (Lab, error) {
	l := Lab{ID: id, Folder: s.Folder(id)}
	name := path.Join(l.Folder.Name, File)
	text, err := decode(l.Folder.FS, File, name, &l)
	if err != nil {
		return Lab{}, err
	}
	own, hidden := len(l.Checks), []byte(nil)
	if l.Folder.private != nil {
		var more struct{ Checks []Check }
		hidden, err = decode(l.Folder.private, PrivateFile, path.Join(id, PrivateFile), &more)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return Lab{}, err
		}
		for _, c := range more.Checks {
			c.Hidden = true
			l.Checks = append(l.Checks, c)
		}
	}
	public, private := byFile(l.problems(), own)
	if err := errors.Join(located(name, text, public), located(path.Join(id, PrivateFile), hidden, private)); err != nil {
		return Lab{}, err
	}
	return l, nil
}

// decode reads a file of YAML whose every key must be known.
func decode(files fs.FS, file, name string, into any) ([]byte, error) {
	text, err := fs.ReadFile(files, file)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", name, err)
	}
	if !utf8.Valid(text) { // YAML may be UTF-16 too, whose lines no editor counts alike
		return nil, &Problem{name, 1, "this isn't UTF-8; save the file as UTF-8"}
	}
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(into); err != nil && !errors.Is(err, io.EOF) {
		return nil, unread(name, err)
	}
	return text, nil
}

// byFile parts the problems of lab.yaml from those of the private checks, of which
// the first has the index own among all checks.
func byFile(all []invalid, own int) (public, private []invalid) {
	for _, p := range all {
		if i, ok := p.index(); ok && i >= own {
			p.place = append([]any{"checks", i - own}, p.place[2:]...)
			private = append(private, p)
			continue
		}
		public = append(public, p)
	}
	return public, private
}

// index returns the check that a problem is of.
func (p invalid) index() (int, bool) {
	if len(p.place) < 2 || p.place[0] != "checks" {
		return 0, false
	}
	i, ok := p.place[1].(int)
	return i, ok
}
