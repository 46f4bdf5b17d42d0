package author

import (
	"io/fs"
	"net/url"
	"path"
	"regexp"
	"strconv"
	"strings"
)

// linkedPages follows the links of the Markdown files of a folder.
func (l *linter) linkedPages(dir string) {
	entries, err := fs.ReadDir(l.Checkout, dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		file := path.Join(dir, e.Name())
		if e.IsDir() || !isMarkdown(file) {
			continue
		}
		p, err := l.page(file)
		if err != nil {
			l.add(Page, file, 1, "%v", err)
			continue
		}
		for _, link := range p.links {
			l.link(file, link)
		}
	}
}

func isMarkdown(file string) bool { return strings.EqualFold(path.Ext(file), ".md") }

// page reads a page once.
func (l *linter) page(file string) (*page, error) {
	if p := l.pages[file]; p != nil {
		return p, nil
	}
	source, err := fs.ReadFile(l.Checkout, file)
	if err != nil {
		return nil, err
	}
	p := readPage(source)
	l.pages[file] = p
	return p, nil
}

// link checks where a link or an image of a page leads to.
func (l *linter) link(file string, k link) {
	rule, what := Link, "link"
	if k.image {
		rule, what = Image, "image"
	}
	add := func(format string, args ...any) {
		l.add(rule, file, k.line, "the "+what+" %q "+format, append([]any{k.to}, args...)...)
	}
	u, err := url.Parse(k.to)
	switch {
	case err != nil:
		add("isn't a valid address: %v", err)
	case k.image && (u.Scheme != "" || u.Host != ""):
		add("is on another server, where it can change or vanish: put it beside the page")
	case u.Host != "" && (u.Scheme == "http" || u.Scheme == "https"), u.Scheme == "mailto":
	case u.Scheme != "" || u.Host != "":
		add("must begin with https: or lead to a file of the repository")
	case strings.HasPrefix(u.Path, "/"):
		add("begins with /, which differs from server to server: write the path from the page")
	case k.to == "":
		add("leads nowhere")
	default:
		l.report.Links++
		if wrong := l.follow(file, u); wrong != "" {
			add("%s", wrong)
		}
	}
}

// follow says what is wrong with a relative link of a page, or "".
func (l *linter) follow(from string, u *url.URL) string {
	target := from
	if u.Path != "" {
		target = path.Join(path.Dir(from), u.Path)
	}
	if !fs.ValidPath(target) {
		return "leads out of the repository"
	}
	info, err := fs.Stat(l.Checkout, target)
	if err != nil {
		return "leads to " + target + ", which isn't there"
	}
	if u.Fragment == "" {
		return ""
	}
	if info.IsDir() {
		target = path.Join(target, "README.md") // which is what one sees of a folder
	}
	if !isMarkdown(target) {
		return l.line(target, u.Fragment)
	}
	p, err := l.page(target)
	if err != nil {
		return "leads to " + target + ", which can't be read"
	}
	if !p.anchors[u.Fragment] {
		return "leads to #" + u.Fragment + ", but no heading of " + target + " has that name"
	}
	return ""
}

var lineAnchor = regexp.MustCompile(`^L([0-9]+)(?:-L([0-9]+))?$`)

// line says what is wrong with a link to lines of a file, such as #L10-L12.
func (l *linter) line(file, fragment string) string {
	m := lineAnchor.FindStringSubmatch(fragment)
	if m == nil {
		return "leads to #" + fragment + ", which only a Markdown file can have"
	}
	text, err := fs.ReadFile(l.Checkout, file)
	if err != nil {
		return "leads to " + file + ", which can't be read"
	}
	lines := len(strings.SplitAfter(strings.TrimSuffix(string(text), "\n"), "\n"))
	for _, number := range m[1:] {
		if n, err := strconv.Atoi(number); err == nil && (n < 1 || n > lines) {
			return "leads to line " + number + ", but " + file + " has " + count(lines, "line")
		}
	}
	return ""
}
