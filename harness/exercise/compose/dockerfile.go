package compose

import (
	"encoding/json"
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"
)

// instruction is one of a Dockerfile's.
type instruction struct {
	line       int
	name, rest string
}

var hereDocument = regexp.MustCompile(`<<-?["']?(\w+)["']?`)

// instructions reads a Dockerfile: comments and here-documents are left out, and lines
// that end with \ go on.
// Source of the format: Docker's Dockerfile reference.
func instructions(text []byte) (all []instruction) {
	open := false
	var ends [][]string // of the here-documents that have begun
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		line = strings.TrimSpace(line)
		if len(ends) > 0 {
			if line == ends[0][1] {
				ends = ends[1:]
			}
			continue
		}
		if line == "" || line[0] == '#' {
			continue
		}
		more := strings.HasSuffix(line, `\`)
		line = strings.TrimSpace(strings.TrimSuffix(line, `\`))
		if open {
			all[len(all)-1].rest += " " + line
		} else {
			name, _, _ := strings.Cut(strings.ReplaceAll(line, "\t", " "), " ")
			all = append(all, instruction{number, strings.ToUpper(name), strings.TrimSpace(line[len(name):])})
		}
		open = more
		if last := all[len(all)-1].name; last == "RUN" || last == "COPY" || last == "ADD" {
			ends = hereDocument.FindAllStringSubmatch(line, -1)
		}
	}
	return all
}

// known are the instructions that there are.
var known = strings.Fields("ADD ARG CMD COPY ENTRYPOINT ENV EXPOSE FROM HEALTHCHECK LABEL MAINTAINER ONBUILD RUN SHELL STOPSIGNAL USER VOLUME WORKDIR")

var option = regexp.MustCompile(`^(--\S+\s+)+`)

// Dockerfile finds what is wrong with a Dockerfile. beside are the files that are in its
// folder.
func Dockerfile(label string, text []byte, beside ...string) (found []*Finding) {
	add := func(line int, format string, args ...any) {
		found = append(found, &Finding{label, line, fmt.Sprintf(format, args...)})
	}
	stages, args := map[string]bool{"scratch": true}, map[string]string{}
	user, start, from := instruction{}, instruction{}, instruction{}
	for _, i := range instructions(text) {
		switch words := strings.Fields(option.ReplaceAllString(i.rest, "")); {
		case !slices.Contains(known, i.name):
			add(i.line, "there is no instruction %s", i.name)
		case from.name == "" && i.name != "FROM" && i.name != "ARG":
			add(i.line, "%s comes before FROM, which begins an image", i.name)
			return found
		case i.name == "ARG" && from.name == "":
			name, value, _ := strings.Cut(i.rest, "=")
			args[name] = strings.Trim(value, `"'`)
		case i.name == "FROM" && len(words) > 0:
			from, user, start = i, instruction{}, instruction{}
			image := filled(words[0], args)
			if !stages[image] && !pinned(image) {
				add(i.line, "the image %s is another one tomorrow: it needs a tag that names a version", image)
			}
			if len(words) == 3 {
				stages[words[2]] = true
			}
		case i.name == "USER":
			user = i
		case i.name == "CMD" && start.name == "", i.name == "ENTRYPOINT":
			start = i
		case (i.name == "COPY" || i.name == "ADD") && !strings.Contains(i.rest, "--from=") && len(words) > 1:
			for _, source := range words[:len(words)-1] {
				if absent(source, beside) {
					add(i.line, "%s has no %s in its folder, which has %s", i.name, source, strings.Join(beside, ", "))
				}
			}
		}
	}
	if from.name == "" {
		add(1, "there is no FROM, which begins an image")
		return found
	}
	found = append(found, final(label, from, user, start)...)
	slices.SortStableFunc(found, func(a, b *Finding) int { return a.Line - b.Line })
	return found
}

// final finds what is wrong with how the last stage runs.
func final(label string, from, user, start instruction) (found []*Finding) {
	who, _, _ := strings.Cut(user.rest, ":")
	if user.name == "" || who == "root" || who == "0" {
		found = append(found, &Finding{label, max(user.line, from.line), "it runs as root: USER names another user, or a number such as 1000"})
	}
	var words []string
	switch {
	case start.name == "":
		found = append(found, &Finding{label, from.line, "nothing says what to run: it needs an ENTRYPOINT or a CMD"})
	case json.Unmarshal([]byte(start.rest), &words) != nil, inShell(words) && !fixedSleep.MatchString(words[2]):
		found = append(found, &Finding{label, start.line, fmt.Sprintf(`%s %s runs in a shell, which doesn't pass on the signal to end: write %s ["program", "argument"]`, start.name, start.rest, start.name)})
	case fixedSleep.MatchString(strings.Join(words, " ")) && !asksInLoop.MatchString(start.rest):
		found = append(found, &Finding{label, start.line, "it sleeps a fixed time: too short on a slow machine, too long on others"})
	}
	return found
}

var shells = []string{"sh", "bash", "ash", "dash"}

// inShell reports whether a list of words is a shell with a program that it doesn't make way for.
func inShell(words []string) bool {
	return len(words) > 2 && slices.Contains(shells, path.Base(words[0])) && words[1] == "-c" && !strings.Contains(words[2], "exec ")
}

// Replaced finds services of which a Dockerfile's CMD is replaced by their command, where
// that begins with another word: it isn't added, as to an ENTRYPOINT.
// Source: Docker's Dockerfile reference, how CMD and ENTRYPOINT interact.
func (f *File) Replaced(label string, text []byte) []*Finding {
	var start instruction
	var words []string
	for _, i := range instructions(text) {
		switch i.name {
		case "ENTRYPOINT":
			return nil
		case "CMD":
			start = i
		}
	}
	if json.Unmarshal([]byte(start.rest), &words) != nil || len(words) == 0 {
		return nil
	}
	for _, name := range f.Services() {
		s := f.Project.Services[name]
		if s.Build == nil || len(s.Entrypoint) > 0 || len(s.Command) == 0 {
			continue
		}
		if first := path.Base(s.Command[0]); first != path.Base(words[0]) && !slices.Contains(shells, first) {
			return []*Finding{{label, start.line, fmt.Sprintf("CMD is replaced by the command of %s, which then runs %s as a program: an ENTRYPOINT stays, and gets the command's words", name, first)}}
		}
	}
	return nil
}

// filled puts the defaults of a Dockerfile's arguments into a name.
func filled(text string, args map[string]string) string {
	for name, value := range args {
		text = strings.NewReplacer("${"+name+"}", value, "$"+name, value).Replace(text)
	}
	return text
}

// absent reports whether a COPY's source is a file that isn't in the folder.
func absent(source string, beside []string) bool {
	if strings.ContainsAny(source, "*?[$<") || strings.Contains(source, "://") {
		return false // not decided here
	}
	first, _, _ := strings.Cut(path.Clean("/" + source)[1:], "/") // of a folder, what is in it isn't known
	return first != "" && !slices.Contains(beside, first)
}
