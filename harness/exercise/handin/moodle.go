package handin

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
)

// english are the names of the columns of Moodle's grading worksheet that are looked for.
var english = []string{"identifier", "full name", "email address", "grade", "maximum grade", "last modified (submission)", "feedback comments"}

// worksheets has the same columns, in the same order, in Moodle's other languages, whose
// worksheets have all names translated. Source: projectestac/moodle-langpacks, the strings
// recordid and lastmodifiedsubmission of assign.php, fullname, email and grade of moodle.php,
// maxgrade of grades.php and pluginname of assignfeedback_comments.php.
var worksheets = [][]string{
	{"id", "vollständiger name", "e-mail-adresse", "bewertung", "beste bewertung", "zuletzt geändert (abgabe)", "feedback als kommentar"},
	{"identificador", "nombre completo", "dirección de correo", "calificación", "calificación máxima", "última modificación (entrega)", "comentarios de retroalimentación"},
	{"identifiant", "nom complet", "adresse de courriel", "note", "note maximale", "dernière modification (travail remis)", "feedback par commentaires"},
	{"identifikatzailea", "izen osoa", "helbide elektronikoa", "kalifikazioa", "gehieneko kalifikazioa", "azken aldaketa (bidalketa)", "feedback-iruzkinak"},
	{"identificador", "nom complet", "adreça electrònica", "qualificació", "qualificació màxima", "darrera modificació (tramesa)", "comentaris de retroacció."},
	{"identificador", "nome completo", "e-mail", "nota", "nota máxima", "última atualização (submissão)", "comentários de feedback"},
	{"identificativo", "nome", "indirizzo email", "valutazione", "voto massimo", "ultima modifica (consegna)", "commenti"},
}

// otherwise are other names that versions of Moodle and its schools give these columns.
var otherwise = map[string]string{
	"kennung": "id", "bestwertung": "beste bewertung", "nom": "nom complet", "nombre": "nombre completo",
	"dirección de correo electrónico": "dirección de correo", "adresse électronique": "adresse de courriel",
}

// columns returns the names of the columns in lower case, and in English where they are
// those of Moodle's worksheet.
func (r *Roster) columns() (names []string) {
	for _, head := range r.Head {
		names = append(names, fold(head))
	}
	for _, theirs := range append([][]string{english}, worksheets...) {
		named := slices.Clone(names)
		for i, name := range names {
			at := slices.Index(theirs, name)
			if other, known := otherwise[name]; at < 0 && known {
				at = slices.Index(theirs, other)
			}
			if at >= 0 {
				named[i] = english[at]
			}
		}
		if slices.Contains(named, "identifier") && slices.Contains(named, "grade") {
			return named
		}
	}
	return names
}

// participant is how Moodle's worksheet writes a number, by the string hiddenuser of assign.php.
var participant = regexp.MustCompile(`^(?:Participante?|Teilnehmer\P{Nd}*|Partaidea|Partecipante) ?(\d+)$`)

// identifier leaves out what Moodle's worksheet writes before a number.
func identifier(value string) string { return participant.ReplaceAllString(value, "$1") }

// months are the first letters of the months' names in these languages, from January.
var months = []string{
	"jan jän ene gen urt", "feb fev fév ots", "mar mär", "apr abr avr api", "mai may mag", "jun juin giu eka",
	"jul juil lug uzt", "aug ago aoû abu", "sep set ira", "oct okt out ott urr", "nov aza", "dec dez déc dic des abe",
}

var (
	word  = regexp.MustCompile(`\pL+`)
	day   = regexp.MustCompile(`(?:^|[^\d:])(\d{1,2})(?:[^\d:]|$)`)
	year  = regexp.MustCompile(`\b(20\d\d)`)
	clock = regexp.MustCompile(`\b(\d{1,2}):(\d\d)\b`)
)

// writtenOut reads a time as Moodle writes it in these languages (strftimedaydatetime of
// langconfig.php): weekday, day, month and year as words and numbers, and a time of 24 hours.
func writtenOut(text string) (time.Time, bool) {
	d, y, c := day.FindStringSubmatch(text), year.FindStringSubmatch(text), clock.FindStringSubmatch(text)
	month := 0
	for _, w := range word.FindAllString(text, -1) { // the last: martes comes before the month
		for i, starts := range months {
			if slices.ContainsFunc(strings.Fields(starts), func(start string) bool { return strings.HasPrefix(strings.ToLower(w), start) }) {
				month = i + 1
			}
		}
	}
	if d == nil || y == nil || c == nil || month == 0 {
		return time.Time{}, false
	}
	at, err := time.ParseInLocation("2006-1-2 15:04", y[1]+"-"+strconv.Itoa(month)+"-"+d[1]+" "+c[1]+":"+c[2], time.Local)
	return at, err == nil
}
