// A result as HTML, JSON or a line of text.
#pragma once

#include "action/result.h"
#include "http/accept.h"
#include "http/response.h"
#include "http/words.h"

namespace actiond {

// 303 for a browser, 200 for others.  Throws std::invalid_argument when `to` leaves this site.
Response to_response(const Redirect& redirect, Media media, const Words& words = Words::english());

// The same, to another site: its address was judged when the action had run.
Response to_response(const Leave& leave, Media media);

// The plain page of an action that has no page of its own to show `data` in.
Response to_response(const Data& data, Media media, const Words& words = Words::english());

}  // namespace actiond
