package cli

import (
	"cmp"
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/peterh/liner"
	"golang.org/x/term"

	"hoplab.example/harness/exercise/notebook"
	"hoplab.example/harness/util/dirs"
	"hoplab.example/harness/util/printable"
)

// keywords are completed besides the names of tables and columns.
var keywords = strings.Fields(`AND AS ASC AVG BETWEEN BY CAST COUNT CREATE DESC DESCRIBE DISTINCT DROP EXPLAIN FROM
	GROUP HAVING IS INSERT INTERVAL INTO JOIN LIMIT MAX MIN NOT NULL ON OR ORDER SELECT SET SHOW SUM TABLE TABLES TUMBLE
	UNION VIEW WHERE WITH`)

func isTerminal(file *os.File) bool { return term.IsTerminal(int(file.Fd())) }

// interact reads statements from the terminal and runs each, until the user ends it.
func (p prompt) interact(ctx context.Context) error {
	inside, end := apart(ctx)
	defer end()
	line := liner.NewLiner()
	defer line.Close()
	line.SetCtrlCAborts(true)
	line.SetMultiLineMode(true)
	line.SetTabCompletionStyle(liner.TabPrints)
	tables, columns, _ := p.stage.Names(inside) // without them only keywords are completed
	line.SetWordCompleter(func(text string, at int) (string, []string, string) {
		return complete(slices.Concat(tables, columns, keywords), text, at)
	})
	defer p.history(line)()
	p.err.Say("Flink SQL; a statement ends with a semicolon, Ctrl-C cancels, 'exit' ends\ntables: %s", cmp.Or(strings.Join(tables, ", "), "none yet"))
	var typed string
	for inside.Err() == nil {
		sign := "sql> "
		if typed != "" {
			sign = "  -> "
		}
		text, err := line.Prompt(sign)
		switch {
		case errors.Is(err, liner.ErrPromptAborted):
			typed = ""
			continue
		case errors.Is(err, io.EOF), typed == "" && ends(text):
			return nil
		case err != nil:
			return err
		}
		if strings.TrimSpace(text) != "" {
			line.AppendHistory(text)
		}
		typed = strings.TrimLeft(typed+text+"\n", " \t\n")
		if !strings.HasSuffix(strings.TrimSpace(typed), ";") {
			continue
		}
		if err := p.one(inside, typed); err != nil {
			return err
		}
		tables, columns, _ = p.stage.Names(inside)
		typed = ""
	}
	return inside.Err()
}

// one runs what was typed. Ctrl-C cancels it; only an error that isn't the statement's
// ends the prompt.
func (p prompt) one(ctx context.Context, typed string) error {
	query, done := signal.NotifyContext(ctx, os.Interrupt)
	defer done()
	printed, err := p.stage.SQL(query, typed)
	var failure *notebook.Failure
	switch {
	case query.Err() != nil && ctx.Err() == nil:
		p.err.Say("cancelled")
	case errors.As(err, &failure):
		p.err.Say("%s", strings.TrimSpace(failure.Text))
	case err != nil:
		p.err.Say("%s", describe(err))
	default:
		io.WriteString(p.out, printable.Text(printed))
	}
	return ctx.Err()
}

func ends(text string) bool {
	text = strings.ToLower(strings.TrimRight(strings.TrimSpace(text), ";"))
	return text == "exit" || text == "quit"
}

// history loads the lines of earlier prompts; the function that it returns saves them.
func (p prompt) history(line *liner.State) (save func()) {
	dir, err := dirs.Cache()
	if err != nil {
		return func() {}
	}
	path := filepath.Join(dir, "sql_history")
	if file, err := os.Open(path); err == nil {
		line.ReadHistory(file)
		file.Close()
	}
	return func() {
		file, err := os.OpenFile(path, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
		if err != nil {
			p.err.Say("the prompt's history isn't saved: %v", err)
			return
		}
		line.WriteHistory(file)
		file.Close()
	}
}

// complete returns what stands before the word at the cursor, what that may become, and
// what stands after it.
func complete(names []string, text string, at int) (head string, found []string, tail string) {
	runes := []rune(text)
	at = min(at, len(runes))
	from := at
	for from > 0 && (unicode.IsLetter(runes[from-1]) || unicode.IsDigit(runes[from-1]) || runes[from-1] == '_') {
		from--
	}
	word := string(runes[from:at])
	for _, name := range names {
		if word != "" && len(name) > len(word) && strings.EqualFold(name[:len(word)], word) && !slices.Contains(found, name) {
			found = append(found, name)
		}
	}
	return string(runes[:from]), found, string(runes[at:])
}
