package handin

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func roster(t *testing.T, text string) (*Roster, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "roster.csv")
	if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	r, err := ReadRoster(file)
	if err != nil && !strings.Contains(err.Error(), file) {
		t.Errorf("the error doesn't name the file: %v", err)
	}
	return r, err
}

// TestRosters: the rosters that people and platforms have are read.
func TestRosters(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"our own", "id,name,due\n7,Ada Lovelace,2026-11-27 12:00\n8,Bo,\n", "7 Ada Lovelace 11-27 12:00; 8 Bo"},
		{"a byte order mark, semicolons, CRLF", "\ufeffID;Name;Due\r\n7;Lovelace, Ada;2026-11-27\r\n", "7 Lovelace, Ada 11-27 23:59"},
		{"tabs", "name\tid\nZuriñe Ñ\tz1\n", "z1 Zuriñe Ñ"},
		{"quotes and commas", "id,name\n7,\"Lovelace, \"\"Ada\"\"\"\n", `7 Lovelace, "Ada"`},
		{"Moodle's worksheet", "Identifier,\"Full name\",\"Email address\",Status,Grade,\"Maximum grade\",\"Last modified (submission)\",\"Last modified (grade)\",\"Feedback comments\"\n" +
			"\"Participant 12\",\"Ada L\",a@x.example,\"Submitted\",,100.00,\"Friday, 27 November 2026, 9:05 AM\",-,\n", "12 Ada L handed in 11-27 09:05"},
		{"Moodle's in German", "ID,\"Vollständiger Name\",E-Mail-Adresse,Status,Bewertung,Bestwertung,\"Bewertung kann geändert werden\",\"Zuletzt geändert (Abgabe)\",\"Zuletzt geändert (Bewertung)\",\"Feedback als Kommentar\"\n" +
			"Teilnehmer/in12,\"Jörg Ä\",j@x.example,\"Zur Bewertung abgegeben\",,\"100,00\",Ja,\"Dienstag, 3. März 2026, 09:05\",-,\n", "12 Jörg Ä handed in 03-03 09:05"},
		{"in German, with semicolons and another name of the id", "\ufeffKennung;Vollständiger Name;Bewertung\r\nTeilnehmer/in 12;Jörg Ä;\r\n", "12 Jörg Ä"},
		{"Moodle's in Spanish", "Identificador,\"Nombre completo\",\"Dirección de correo\",Estado,Calificación,\"Calificación máxima\",\"Última modificación (entrega)\"\n" +
			"\"Participante 12\",\"Ana Ñ\",a@x.example,Enviado,,\"10,00\",\"martes, 6 de octubre de 2026, 10:00\"\n", "12 Ana Ñ handed in 10-06 10:00"},
		{"Moodle's in French", "Identifiant,\"Nom complet\",Statut,Note,\"Note maximale\",\"Dernière modification (travail remis)\"\n" +
			"\"Participant 12\",\"Zoé É\",,,,\"mardi 1 décembre 2026, 23:59\"\n\"Participant 13\",Al,,,,-\n", "12 Zoé É handed in 12-01 23:59; 13 Al"},
		{"Moodle's in Basque", "Identifikatzailea,\"Izen osoa\",Kalifikazioa,\"Azken aldaketa (bidalketa)\"\nPartaidea12,Ane,,\"ostirala, 2026(e)ko azaroaren 27(e)an, 09:05(e)tan\"\n", "12 Ane handed in 11-27 09:05"},
		{"a list in German of one's own", "ID,Bewertung,Name\ns12,1,Ada\n", "s12 Ada"},
		{"Canvas's gradebook", "Student,ID,SIS User ID,SIS Login ID,Section,Lab 3 (991)\n    Points Possible,,,,,12\n\"Lovelace, Ada\",5,,al,S1,\n", "5 Lovelace, Ada"},
		{"GitHub Classroom's", "identifier,github_username,github_id,name\ns1,AdaL,99,\n", "s1 s1"},
		{"no name", "id\nx\n\ny\n", "x x; y y"},
	} {
		t.Run(c.name, func(t *testing.T) {
			r, err := roster(t, c.text)
			if err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, e := range r.Entries {
				text := e.ID + " " + e.Name
				if !e.Due.IsZero() {
					text += e.Due.Format(" 01-02 15:04")
				}
				if !e.HandedIn.IsZero() {
					text += e.HandedIn.Format(" handed in 01-02 15:04")
				}
				got = append(got, text)
			}
			if strings.Join(got, "; ") != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
}

func TestRosterErrors(t *testing.T) {
	for text, want := range map[string]string{
		"id,name\n7,Ada\n\n8,Bo\n 7 ,Cy\n": `:5: the id "7" is on line 2 too`,
		"who,what\nx,y\n":                  ":1: there is no column id",
		"":                                 "is empty",
		"PK\x03\x04":                       "is a workbook",
		"id,name\n":                        "has no student",
		"id,due\n7,tomorrow\n":             `:2: "tomorrow" isn't a time`,
		"id,name\n7,\"Ada\n":               "extraneous or missing \"",
		"id,name\n7,Zuri\xf1e\n":           "isn't UTF-8: save it as 'CSV UTF-8'",
		"\xff\xfei\x00d\x00":               "isn't UTF-8",
	} {
		if r, err := roster(t, text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %+v, %v; want %s", text, r, err, want)
		}
	}
	if _, err := ReadRoster("absent.csv"); err == nil {
		t.Error("a roster that isn't there was read")
	}
}

// TestMatch: each submission finds its student, and nobody is guessed.
func TestMatch(t *testing.T) {
	r, err := roster(t, "id,name,github_username\n12,Ada Lovelace,ada-l\n13,Bo Diddley,bo\n14,Cy Young,cy\n15,Cy Young,cyy\n16,Di,di\n")
	if err != nil {
		t.Fatal(err)
	}
	c := &Class{}
	for _, name := range []string{"ADA LOVELACE_12_assignsubmission_file_", "diddleybo_LATE_900_901_x.sql", "Cy Young", "lab3-ada-l", "lab3-cyy", "eve\x1b[2J"} {
		o := originOf(name)
		c.Submissions = append(c.Submissions, Submission{Student: o.Name, Origin: o})
	}
	absent, problems := c.Match(r)
	var got []string
	for _, s := range c.Submissions {
		got = append(got, s.Student+"="+s.Seed())
	}
	want := `Ada Lovelace=12; Cy Young=Cy Young; Cy Young (15)=15; diddleybo=diddleybo; eve` + "\x1b[2J=eve\x1b[2J; lab3-ada-l=lab3-ada-l"
	if strings.Join(got, "; ") != want {
		t.Errorf("%q\nwant %q", strings.Join(got, "; "), want)
	}
	wrong := "diddleybo isn't on the roster; Cy Young can be Cy Young (14) or Cy Young (15) on the roster, so neither was chosen; ADA LOVELACE and lab3-ada-l are both Ada Lovelace (12) on the roster; eve\x1b[2J isn't on the roster"
	if strings.Join(problems, "; ") != wrong {
		t.Errorf("%q\nwant %q", strings.Join(problems, "; "), wrong)
	}
	if len(absent) != 3 || absent[0].ID != "13" || absent[1].ID != "14" || absent[2].ID != "16" {
		t.Errorf("absent %+v", absent)
	}
}

// TestCanvasNames: Canvas writes the last name first, without spaces.
func TestCanvasNames(t *testing.T) {
	r, err := roster(t, "Student,ID,Section\n\"Lovelace, Ada\",5,S\n\"D'Arc, Jeanne\",6,S\n")
	if err != nil {
		t.Fatal(err)
	}
	c := &Class{Submissions: []Submission{
		{Student: "x", Origin: originOf("lovelaceada_5_77_tables-1.sql")},
		{Student: "y", Origin: originOf("darcjeanne_66_78_tables.sql")},
	}}
	if _, problems := c.Match(r); len(problems) > 0 || c.Submissions[0].Entry.ID != "6" || c.Submissions[1].Entry.ID != "5" {
		t.Errorf("%v %+v", problems, c.Submissions)
	}
}

func TestLate(t *testing.T) {
	due := time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		rule   string
		by     time.Duration
		text   string
		off    float64
		canvas bool
	}{
		{"", 90 * time.Minute, "late by 1 h 30 min", 0, false},
		{"10%/day", 0, "", 0, false},
		{"10%/day", time.Second, "late by 1 min", 10, false},
		{"10%/day", 24 * time.Hour, "late by 24 h 0 min", 10, false},
		{"10%/day", 49 * time.Hour, "late by 2 days 1 h", 30, false},
		{"10%/day,max=20%", 100 * time.Hour, "late by 4 days 4 h", 20, false},
		{"60%/day", 100 * time.Hour, "late by 4 days 4 h", 100, false},
		{"25%, grace=15m", 15 * time.Minute, "", 0, false},
		{"25%,grace=15m", 16 * time.Minute, "late by 16 min", 25, false},
		{"2%/hour", 3 * time.Hour, "late by 3 h 0 min", 6, false},
		{"10%/day", 0, "late", 10, true},
		{"10%/day", -time.Hour, "", 0, false},
	} {
		rule, err := ParseLate(c.rule)
		if err != nil {
			t.Fatal(err)
		}
		s := Submission{Entry: &Entry{HandedIn: due.Add(c.by)}}
		if c.canvas {
			s = Submission{Origin: Origin{Late: true}}
		}
		if text, off := s.Late(rule, due); text != c.text || off != c.off {
			t.Errorf("%s after %v: %q, %v %%; want %q, %v %%", c.rule, c.by, text, off, c.text, c.off)
		}
	}
	s := Submission{Entry: &Entry{HandedIn: due.Add(time.Hour), Due: due.Add(2 * time.Hour)}}
	if text, _ := s.Late(LateRule{}, due); text != "" {
		t.Errorf("a student with more time is %s", text)
	}
	for _, bad := range []string{"ten", "10", "-1%", "101%", "NaN%", "10%/week", "10%,max=x", "10%,grace=-1m", "10%,20%", "grace=1m,"} {
		if rule, err := ParseLate(bad); err == nil || !strings.Contains(err.Error(), "want such as 10%/day") {
			t.Errorf("%q is %+v, %v", bad, rule, err)
		}
	}
}

// TestRostersOfExcel: the line that names the separator, and lines that end as on old Macs.
func TestRostersOfExcel(t *testing.T) {
	for _, text := range []string{"sep=;\r\nid;name\r\n7;Ada\r\n", "\ufeffid,name\r7,Ada\r"} {
		r, err := roster(t, text)
		if err != nil || len(r.Entries) != 1 || r.Entries[0].ID != "7" || r.Entries[0].Name != "Ada" {
			t.Errorf("%q: %+v, %v", text, r, err)
		}
	}
}
