package lab

import (
	"fmt"
	"strings"
	"testing"
)

// TestChoices: a student has the same choice each time, however the name is written,
// and a class has all of them.
func TestChoices(t *testing.T) {
	l := Lab{ID: "08-windows", Choose: map[string][]string{"seconds": {"2", "3", "4", "5"}}}
	if a, b := l.Choices("Ada"), l.Choices(" ada "); a["seconds"] != b["seconds"] || a["seconds"] == "" {
		t.Errorf("%v and %v", a, b)
	}
	counts := map[string]int{}
	for i := range 400 {
		counts[l.Choices(fmt.Sprintf("s%d", 1000+i))["seconds"]]++
	}
	for _, value := range l.Choose["seconds"] {
		if counts[value] < 60 {
			t.Errorf("of 400 students %d have %s", counts[value], value)
		}
	}
	mine := l.Choices("ada")["seconds"]
	if got := l.Personal("${seconds} of ${topic}", "ada"); got != mine+" of ${topic}" {
		t.Errorf("%q", got)
	}
}

func TestOurs(t *testing.T) {
	for value, want := range map[string]int{"1": 0, "2": 1} {
		l := Lab{Choose: map[string][]string{"seconds": {"2", "3"}}, Ours: map[string]string{"seconds": value}}
		if got := l.chooseProblems(); len(got) != want {
			t.Errorf("%s: %v, want %d problems", value, got, want)
		}
	}
}

func TestChooseErrors(t *testing.T) {
	for choose, want := range map[string]string{
		"choose: {topic: [a, b]}\n":  `choose: "topic": want a name`,
		"choose: {Big: [a, b]}\n":    `choose: "Big": want a name`,
		"choose: {seconds: [a]}\n":   "choose: seconds: want two values or more",
		"topics: [windows]\n":        `topic "windows": want ${topic}-`,
		"topics: ['${topic}-a/b']\n": `topic "${topic}-a/b"`,
		"weight: -1\n":               "weight can't be below 0",
		"names: true\n":              "topics lacks ${topic}-names",
		"broken: 101\n":              "broken is a percentage",
		"subjects: -1\n":             "-1 subjects",
		"devices: [toaster]\n":       `device "toaster"`,
	} {
		if _, err := read(files(choose+good), "03-flink"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", choose, err, want)
		}
	}
}
