<?php
// The paid action as a careful PHP site would write it: the same checks in the same order, the same
// rows, the same answer.  PDO keeps the connection from request to request; PHP keeps no statement.

function refuse(int $status): never
{
    // A kept connection would keep an open transaction too.
    if (isset($GLOBALS['db']) && $GLOBALS['db']->inTransaction()) $GLOBALS['db']->exec('ROLLBACK');
    http_response_code($status);
    header('Content-Type: application/problem+json');
    exit(json_encode(['status' => $status]));
}

function base64url_decode(string $text): string
{
    return base64_decode(strtr($text, '-_', '+/'));
}

// The session that the cookie names, if our key signed it; touches no disk.
function session_id_of(string $cookie): ?string
{
    $parts = explode('.', $cookie);
    if (count($parts) !== 4 || $parts[0] !== 'v1' || $parts[1] !== getenv('KEY_ID')) return null;
    $signed = "session.v1.$parts[1].$parts[2]";
    $mac = hash_hmac('sha256', $signed, hex2bin(getenv('KEY_SECRET')), true);
    return hash_equals($mac, base64url_decode($parts[3])) ? base64url_decode($parts[2]) : null;
}

function user_with_access(PDO $db, string $session): int
{
    $find = $db->prepare(
        'SELECT users.id, email, users.name, until FROM sessions JOIN users ON users.id = sessions.user_id ' .
        "LEFT JOIN grants ON grants.user_id = users.id AND grants.name = 'paid' AND blocked_at IS NULL " .
        'WHERE sessions.id = ? AND expires_at > ? AND disabled_at IS NULL');
    $find->bindValue(1, $session, PDO::PARAM_LOB);
    $find->bindValue(2, time(), PDO::PARAM_INT);
    $find->execute();
    $user = $find->fetch(PDO::FETCH_ASSOC) ?: refuse(401);
    $find->closeCursor();
    if (($user['until'] ?? 0) <= time()) refuse(402);
    return $user['id'];
}

header('Cache-Control: no-store');
header('Vary: Accept, Cookie');
header('X-Request-Id: ' . $_SERVER['REQUEST_ID']);
if (($_SERVER['HTTP_ORIGIN'] ?? '') !== getenv('ORIGIN')) refuse(403);
$session = session_id_of($_COOKIE['session'] ?? '') ?? refuse(401);
$db = new PDO('sqlite:' . getenv('DATABASE'), null, null,
              [PDO::ATTR_PERSISTENT => true, PDO::ATTR_TIMEOUT => 30]);
$db->exec('PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON');
user_with_access($db, $session);
$topic = $_POST['topic'] ?? '';
$pages = filter_var($_POST['pages'] ?? 1, FILTER_VALIDATE_INT,
                    ['options' => ['min_range' => 1, 'max_range' => 20]]);
if (!preg_match('/^[^\x00-\x1f]{1,120}$/u', $topic) || $pages === false) refuse(422);

$db->exec('BEGIN IMMEDIATE');
$user = user_with_access($db, $session);
$db->prepare('INSERT INTO reports (user_id, topic, pages) VALUES (?, ?, ?)')
   ->execute([$user, $topic, $pages]);
$report = $db->lastInsertId();
$db->prepare('INSERT INTO peer_audit (at, request_id, action, user_id, outcome) VALUES (?, ?, ?, ?, ?)')
   ->execute([time(), $_SERVER['REQUEST_ID'], 'premium', $user, 'done']);
$db->exec('COMMIT');

header('Content-Type: application/json');
echo json_encode(['ok' => true, 'data' => ['report' => $report]]);
