// Package similar compares what students have written themselves: it finds pairs whose
// answers share more than a task's own text and its right answer explain.
package similar

import (
	"bytes"
	"cmp"
	"fmt"
	"hash/fnv"
	"io"
	"os"
	"regexp"
	"slices"
	"strings"

	"hoplab.example/harness/exercise/handin"
	"hoplab.example/harness/exercise/lab"
	"hoplab.example/harness/util/printable"
)

// How answers are compared.
const (
	pieceLength = 5       // tokens in a piece
	fewest      = 12      // pieces of a student's own that say anything
	alike       = 0.6     // share of the shorter answer from which on a pair is listed
	maxFile     = 1 << 20 // bytes of a file that are read
	manyShare   = 4       // a piece that more students have than one in so many is nobody's own
	largeClass  = 8       // students; in a smaller class only a task's text is left out
	shownText   = 160     // bytes of what is shared
)

// token is a word, a number, or a sign. Space between them doesn't count.
var token = regexp.MustCompile(`[\pL_][\pL\pN_]*|\pN+(?:\.\pN+)?|[^\s]`)

// answer is what one student has written in a lab's files: pieces, by hash, with
// where each begins in the tokens.
type answer struct {
	student string
	tokens  []string
	pieces  map[uint64]int
}

// Pair is two students whose answers are alike.
type Pair struct {
	Lab, A, B string
	Share     float64 // of the shorter answer's pieces, 0 to 1
	Shared    int     // pieces
	Text      string  // the longest passage that both have
}

// Result is what a comparison found.
type Result struct {
	Pairs []Pair
	Short map[string]int // students whose own text is too short, by lab
	All   map[string]int // students with an answer, by lab
}

// Compare compares all students' files of the labs. Left out are pieces of the work
// file that the student began with, of our solution, and those that many of a class
// have, since these are how the task is answered.
func Compare(class []handin.Submission, labs []lab.Lab) Result {
	r := Result{Short: map[string]int{}, All: map[string]int{}}
	for _, l := range labs {
		given := answer{pieces: map[uint64]int{}}
		for _, name := range l.Files {
			for _, read := range []func(string) (string, []byte, error){l.Folder.Work, l.Folder.Solution} {
				_, text, _ := read(name) // a file that isn't there explains nothing
				given.add(text)
			}
		}
		var answers []answer
		for _, s := range class {
			a := answer{student: s.Student, pieces: map[uint64]int{}}
			for _, name := range l.Files {
				a.add(text(s.Folder(l.ID), l, name))
			}
			if len(a.tokens) > 0 {
				answers = append(answers, a)
			}
		}
		r.All[l.ID] = len(answers)
		r.lab(l.ID, own(answers, given))
	}
	slices.SortStableFunc(r.Pairs, func(a, b Pair) int { return cmp.Compare(b.Share*float64(b.Shared), a.Share*float64(a.Shared)) })
	return r
}

// text reads a student's file of a lab, if it is one and lies where it seems to.
func text(dir string, l lab.Lab, name string) []byte {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil
	}
	defer root.Close()
	name = l.Meant(lab.FileNames(root), name)
	if info, err := root.Lstat(name); err != nil || !info.Mode().IsRegular() {
		return nil
	}
	file, err := root.Open(name)
	if err != nil {
		return nil
	}
	defer file.Close()
	text, _ := io.ReadAll(io.LimitReader(file, maxFile)) // what can be read of it
	return text
}

// add adds a file's pieces.
func (a *answer) add(text []byte) {
	tokens := token.FindAllString(strings.ToLower(string(bytes.ToValidUTF8(text, []byte("?")))), -1)
	for i := 0; i+pieceLength <= len(tokens); i++ {
		h := fnv.New64a()
		for _, t := range tokens[i : i+pieceLength] {
			io.WriteString(h, t)
			h.Write([]byte{0})
		}
		if _, has := a.pieces[h.Sum64()]; !has {
			a.pieces[h.Sum64()] = len(a.tokens) + i
		}
	}
	a.tokens = append(a.tokens, tokens...)
}

// own leaves in each answer what is the student's own.
func own(answers []answer, given answer) []answer {
	have := map[uint64]int{}
	for _, a := range answers {
		for piece := range a.pieces {
			have[piece]++
		}
	}
	for _, a := range answers {
		for piece := range a.pieces {
			_, ours := given.pieces[piece]
			if ours || len(answers) >= largeClass && have[piece] > max(2, len(answers)/manyShare) {
				delete(a.pieces, piece)
			}
		}
	}
	return answers
}

// lab compares each two answers of a lab.
func (r *Result) lab(id string, answers []answer) {
	long := slices.DeleteFunc(slices.Clone(answers), func(a answer) bool { return len(a.pieces) < fewest })
	r.Short[id] = len(answers) - len(long)
	for i, a := range long {
		for _, b := range long[i+1:] {
			shared := 0
			for piece := range a.pieces {
				if _, both := b.pieces[piece]; both {
					shared++
				}
			}
			share := float64(shared) / float64(min(len(a.pieces), len(b.pieces)))
			if share >= alike && shared >= fewest {
				r.Pairs = append(r.Pairs, Pair{id, a.student, b.student, share, shared, a.passage(b)})
			}
		}
	}
}

// passage returns the longest run of an answer's own tokens that another has too.
func (a answer) passage(b answer) string {
	var starts []int
	for piece, at := range a.pieces {
		if _, both := b.pieces[piece]; both {
			starts = append(starts, at)
		}
	}
	slices.Sort(starts)
	best, from := 0, 0
	for i := 0; i < len(starts); {
		j := i
		for j+1 < len(starts) && starts[j+1] == starts[j]+1 {
			j++
		}
		if j-i+1 > best {
			best, from = j-i+1, starts[i]
		}
		i = j + 1
	}
	return strings.Join(a.tokens[from:min(len(a.tokens), from+best+pieceLength-1)], " ")
}

// Report returns what Compare finds as Markdown, for the teacher alone.
func Report(class []handin.Submission, labs []lab.Lab) ([]byte, error) {
	r := Compare(class, labs)
	var out bytes.Buffer
	fmt.Fprintf(&out, "# Answers that are alike\n\nOf each file, what the work file and our solution have too is left out, and in a class of %d or more\nwhat more than a quarter of the class has. The rest is compared in pieces of %d words, numbers or\nsigns. A pair is listed from %.0f %% of the shorter answer on. It is a reason to look, and no proof:\ntwo who sat together, or have read the same page, are alike too.\n", largeClass, pieceLength, alike*100)
	if len(r.Pairs) == 0 {
		fmt.Fprint(&out, "\nNo two answers are alike.\n")
	} else {
		fmt.Fprint(&out, "\n| lab | students | alike | pieces | the longest passage that both have |\n|---|---|---:|---:|---|\n")
	}
	for _, p := range r.Pairs {
		fmt.Fprintf(&out, "| %s | %s, %s | %.0f %% | %d | %s |\n", p.Lab, code(p.A), code(p.B), p.Share*100, p.Shared, code(p.Text))
	}
	fmt.Fprint(&out, "\n| lab | answers | compared | too short to say anything |\n|---|---:|---:|---:|\n")
	for _, l := range labs {
		fmt.Fprintf(&out, "| %s | %d | %d | %d |\n", l.ID, r.All[l.ID], r.All[l.ID]-r.Short[l.ID], r.Short[l.ID])
	}
	return out.Bytes(), nil
}

// code writes a student's text so that nothing in it is markup.
func code(text string) string {
	line := printable.Line(text)
	if head := printable.Clip(line, shownText); len(head) < len(line) {
		line = head + "…"
	}
	return "`` " + strings.NewReplacer("`", "'", "|", "¦").Replace(line) + " ``"
}
