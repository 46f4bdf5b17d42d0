package access

import "encoding/json"

// hidden is what is printed for a secret.
const hidden = "(hidden)"

// Secret is a text that prints as "(hidden)", unless it is empty. It holds the
// text behind a pointer, for fmt asks no methods of what is in a field that
// isn't exported. Copies of a Secret are equal, two that were made are not.
type Secret struct{ text *string }

// Hide makes a Secret.
func Hide(text string) Secret {
	if text == "" {
		return Secret{}
	}
	return Secret{&text}
}

// Empty reports whether there is no text.
func (s Secret) Empty() bool { return s.text == nil }

// Reveal returns the text itself.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// String hides the text from fmt.
func (s Secret) String() string {
	if s.Empty() {
		return ""
	}
	return hidden
}

// GoString hides the text from fmt's %#v.
func (s Secret) GoString() string { return `"` + s.String() + `"` }

// MarshalJSON hides the text from JSON.
func (s Secret) MarshalJSON() ([]byte, error) { return json.Marshal(s.String()) }
