package wisdm

import "math"

// tournament finds the smallest of some numbers, of equal ones the first, in as many
// steps as their count has binary digits.
type tournament struct {
	keys []int64
	wins []int32 // wins[1] is the winner; the players are its second half
}

// never is the number of a player that can't win.
const never = math.MaxInt64

func newTournament(players int) tournament {
	t := tournament{make([]int64, players), make([]int32, 2*players)}
	for i := range players {
		t.keys[i], t.wins[players+i] = never, int32(i)
	}
	for i := players - 1; i > 0; i-- {
		t.wins[i] = t.wins[2*i]
	}
	return t
}

func (t *tournament) set(player int, key int64) {
	t.keys[player] = key
	for i := (player + len(t.keys)) / 2; i > 0; i /= 2 {
		a, b := t.wins[2*i], t.wins[2*i+1]
		if x, y := t.keys[a], t.keys[b]; y < x || y == x && b < a {
			a = b
		}
		t.wins[i] = a
	}
}

// winner returns the winner's number, or -1 where nobody can win.
func (t *tournament) winner() int {
	if len(t.keys) == 0 || t.keys[t.wins[1]] == never {
		return -1
	}
	return int(t.wins[1])
}
