package labs

import (
	"testing"

	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/testenv"
	"hoplab.example/harness/verify/hop"
)

// course returns the labs of examples/course, which was written without Go, with the
// checks and solutions that its students don't have.
func course(t *testing.T) []lab.Lab {
	t.Helper()
	set, err := lab.Open("../../examples/course/labs")
	if err == nil {
		set, err = set.WithPrivate("../../examples/course/private")
	}
	if err != nil {
		t.Fatal(err)
	}
	all, err := set.All()
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestCourse: a lab that is outside the binary gives its solution all points, and files
// that aren't filled in none.
func TestCourse(t *testing.T) {
	testenv.AsProcesses(t, "a course of one's own")
	for _, l := range course(t) {
		for _, c := range graded(t, l, copyOf(t, l, "solution")).Checks {
			if c.Outcome != hop.Passed || c.Points != c.Max {
				t.Errorf("%s: %s, %d of %d points: %s", c.ID, c.Outcome, c.Points, c.Max, c.Reason)
			}
		}
		unsolved := graded(t, l, copyOf(t, l, "work"))
		if points, _ := unsolved.Points(); points != 0 {
			t.Errorf("%d points for files that aren't filled in: %+v", points, unsolved.Checks)
		}
	}
}

// TestWrongCourse: a wrong answer fails the check that is about it, for each of the
// kinds that suit any lab.
func TestWrongCourse(t *testing.T) {
	const file = "windows.sql"
	seconds := course(t)[0].Choices("ada")["seconds"]
	gradeWrong(t, []wrong{
		{"windows that are too long", "subjects", file, "INTERVAL '" + seconds + "'", "INTERVAL '60'", 4, "records", "records, want", "How long is a window?"},
		{"a copy of another student's", "subjects", file, "INTERVAL '" + seconds + "'", "INTERVAL '" + other(t, seconds) + "'", 4, "records", "records, want", "How long is a window?"},
		{"another aggregate", "subjects", file, "AVG(x)", "MAX(x)", 6, "windows", "of the wanted rows aren't there", ""},
		{"no key", "subjects", file, "  'key.format' = 'json',\n  'key.fields' = 'usid',\n  'value.format'", "  'format'", 4, "records", "in the topic ${topic}-windows have no key", "How long is a window?"},
		{"no job", "subjects", file, "INSERT INTO `${sink}`\n", "", 2, "job", "20-subjects/windows.sql starts no job: it lacks an INSERT INTO", "The error names the file"},
		{"rows that are left out", "subjects", file, "GROUP BY", "WHERE x > 0 GROUP BY", 4, "records", "records, want", "How long is a window?"},
		{"the sink is read", "subjects", file, "INSERT INTO", "CREATE VIEW again AS SELECT * FROM `${sink}`;\nINSERT INTO", 8, "style", "windows.sql reads the table that it writes", ""},
		{"somebody's topic", "subjects", file, "'${topic}-windows'", "'windows'", 0, "files", "'topic' can't be 'windows'", "The comment beside each TODO"},
	})
}

// other returns the choice of some student who has another one.
func other(t *testing.T, seconds string) string {
	t.Helper()
	for _, name := range []string{"bob", "cy", "dan", "eve", "fay"} {
		if theirs := course(t)[0].Choices(name)["seconds"]; theirs != seconds {
			return theirs
		}
	}
	t.Fatalf("everybody has %s", seconds)
	return ""
}
