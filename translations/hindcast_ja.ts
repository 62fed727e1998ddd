<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ja">
<context>
    <name>AnalyzeCommands</name>
    <message>
        <source>Open a project first</source>
        <translation>先にプロジェクトを開いてください</translation>
    </message>
    <message>
        <source>A query is running</source>
        <translation>クエリを実行中です</translation>
    </message>
    <message>
        <source>Run a query first</source>
        <translation>先にクエリを実行してください</translation>
    </message>
    <message>
        <source>Open the SQL drawer first</source>
        <translation>先に SQL パネルを開いてください</translation>
    </message>
    <message>
        <source>&amp;SQL over all versions</source>
        <translation>全バージョンへの SQL(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Run the query</source>
        <translation>クエリを実行(&amp;R)</translation>
    </message>
    <message>
        <source>S&amp;top the query</source>
        <translation>クエリを止める(&amp;T)</translation>
    </message>
    <message>
        <source>No query is running</source>
        <translation>実行中のクエリはありません</translation>
    </message>
    <message>
        <source>&amp;Keep the query under a name…</source>
        <translation>クエリに名前を付けて保存(&amp;K)…</translation>
    </message>
    <message>
        <source>&amp;Copy the rows</source>
        <translation>行をコピー(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Export the rows as CSV…</source>
        <translation>行を CSV に書き出す(&amp;E)…</translation>
    </message>
</context>
<context>
    <name>ErrorText</name>
    <message>
        <source>A file could not be read or written</source>
        <translation>ファイルを読み書きできませんでした</translation>
    </message>
    <message>
        <source>Not found</source>
        <translation>見つかりません</translation>
    </message>
    <message>
        <source>This cannot be used</source>
        <translation>これは使えません</translation>
    </message>
    <message>
        <source>This does not parse</source>
        <translation>構文を解釈できません</translation>
    </message>
    <message>
        <source>The store is damaged</source>
        <translation>ストアが壊れています</translation>
    </message>
    <message>
        <source>The store was written by a newer Hindcast</source>
        <translation>ストアがより新しい Hindcast で書かれています</translation>
    </message>
    <message>
        <source>Another program is using this</source>
        <translation>ほかのプログラムが使用中です</translation>
    </message>
    <message>
        <source>Something that is needed is missing</source>
        <translation>必要なものがありません</translation>
    </message>
    <message>
        <source>Your decision is needed</source>
        <translation>判断が必要です</translation>
    </message>
    <message>
        <source>Nothing to do</source>
        <translation>することがありません</translation>
    </message>
    <message>
        <source>Cancelled</source>
        <translation>中止しました</translation>
    </message>
    <message>
        <source>The disk is full</source>
        <translation>ディスクに空きがありません</translation>
    </message>
    <message>
        <source>Not allowed</source>
        <translation>許可されていません</translation>
    </message>
    <message>
        <source>Hindcast made a mistake</source>
        <translation>Hindcast の内部エラーです</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <comment>kind of failure: the sentence about it</comment>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>Notes</name>
    <message>
        <source>%1 was captured without being named</source>
        <translation>%1 は名前を指定されていませんが、状態を保存しました</translation>
    </message>
    <message>
        <source>lazy captures were given up: %2</source>
        <translation>遅延キャプチャをやめました：%2</translation>
    </message>
    <message>
        <source>kernels of %1 may add in another order each time: values can be numeric instead of exact</source>
        <translation>%1 のカーネルは加算の順序が毎回変わることがあります：値は「完全一致」ではなく「数値的に一致」になる場合があります</translation>
    </message>
    <message>
        <source>call torch.use_deterministic_algorithms(True), or set a tolerance</source>
        <translation>torch.use_deterministic_algorithms(True) を呼ぶか、許容差を設定してください</translation>
    </message>
    <message>
        <source>%1 was changed while the run started</source>
        <translation>実行の開始中に %1 が変更されました</translation>
    </message>
    <message>
        <source>the source was not stored: %2</source>
        <translation>ソースを保存できませんでした：%2</translation>
    </message>
    <message>
        <source>%1 cannot be put back: %2</source>
        <translation>%1 は元に戻せません：%2</translation>
    </message>
    <message>
        <source>make the iterator inside the loop, or loop over what it is made from</source>
        <translation>イテレーターをループの中で作るか、その元になるものをループしてください</translation>
    </message>
    <message>
        <source>the loader %1 keeps its workers: their random state is not captured</source>
        <translation>ローダー %1 はワーカーを保持します：ワーカーの乱数状態は保存されません</translation>
    </message>
    <message>
        <source>leave persistent_workers out, or seed the workers for each epoch</source>
        <translation>persistent_workers を外すか、エポックごとにワーカーのシードを設定してください</translation>
    </message>
    <message>
        <source>%1 cannot be checkpointed: %2</source>
        <translation>%1 の状態は保存できません：%2</translation>
    </message>
    <message>
        <source>teach how it is saved with hindcast.register(type, save, load)</source>
        <translation>hindcast.register(type, save, load) で保存方法を教えてください</translation>
    </message>
    <message>
        <source>%1 is not captured: %2</source>
        <translation>%1 は保存されません：%2</translation>
    </message>
    <message>
        <source>%1 was written in a way that torch does not count: replays start from the first capture</source>
        <translation>%1 は torch が数えない方法で書き込まれました：リプレイは最初のキャプチャから始まります</translation>
    </message>
    <message>
        <source>write tensors in place under torch.no_grad() instead of through .data or shared memory</source>
        <translation>.data や共有メモリーではなく、torch.no_grad() の中でテンソルを直接書き換えてください</translation>
    </message>
    <message>
        <source>%1 captures were not taken: %2</source>
        <translation>%1 件のキャプチャを取りませんでした：%2</translation>
    </message>
    <message>
        <source>captures took %1 of the time (budget %2)</source>
        <translation>キャプチャにかかった時間は全体の %1 です（予算 %2）</translation>
    </message>
    <message>
        <source>captures took %1 of the time (budget %2); %3 without tensors and %4 left out to stay within it</source>
        <translation>キャプチャにかかった時間は全体の %1 です（予算 %2）。予算内に収めるため、%3 件はテンソルなし、%4 件は省略しました</translation>
    </message>
    <message>
        <source>values named %1 are not recorded: %2</source>
        <translation>名前 %1 の値は記録されません：%2</translation>
    </message>
    <message>
        <source>the script was slowed down to what the disk takes</source>
        <translation>ディスクの速度に合わせてスクリプトを遅くしました</translation>
    </message>
    <message>
        <source>log less often, or into a store on a faster disk</source>
        <translation>ログの頻度を下げるか、より速いディスクのストアを使ってください</translation>
    </message>
    <message>
        <source>the source was stored without %1</source>
        <translation>ソースは %1 を除いて保存しました</translation>
    </message>
    <message>
        <source>it cannot be replayed: %2</source>
        <translation>リプレイできません：%2</translation>
    </message>
</context>
<context>
    <name>Quantities</name>
    <message>
        <source>–</source>
        <translation>–</translation>
    </message>
    <message>
        <source>%1 s</source>
        <translation>%1 秒</translation>
    </message>
    <message>
        <source>%1 min</source>
        <translation>%1 分</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <comment>minutes and seconds</comment>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>%1 h</source>
        <translation>%1 時間</translation>
    </message>
    <message>
        <source>%1 s ± %2</source>
        <translation>%1 ± %2 秒</translation>
    </message>
    <message>
        <source>%1 ± %2</source>
        <comment>duration and its uncertainty</comment>
        <translation>%1 ± %2</translation>
    </message>
    <message>
        <source>time left unknown</source>
        <translation>残り時間は不明</translation>
    </message>
    <message>
        <source>%1 left</source>
        <translation>残り %1</translation>
    </message>
    <message>
        <source>%1 d</source>
        <comment>days</comment>
        <translation>%1 日</translation>
    </message>
</context>
<context>
    <name>RecorderNotes</name>
    <message>
        <source>Recording of %1</source>
        <translation>%1 の記録</translation>
    </message>
    <message>
        <source>Some of %1 cannot be put back at a replay.</source>
        <translation>%1 の一部はリプレイ時に元に戻せません。</translation>
    </message>
    <message>
        <source>Nothing of %1 was left out that a replay needs.</source>
        <translation>%1 ではリプレイに必要なものがすべて保存されています。</translation>
    </message>
    <message>
        <source>The recorder had nothing to say.</source>
        <translation>記録中に気づいた点はありません。</translation>
    </message>
</context>
<context>
    <name>ValueLine</name>
    <message>
        <source>placing, %1 of %2</source>
        <translation>配置中 %1 / %2</translation>
    </message>
    <message numerus="yes">
        <source>%n placed</source>
        <translation>
            <numerusform>配置 %n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n already there</source>
        <translation>
            <numerusform>記録済み %n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n conflict(s)</source>
        <translation>
            <numerusform>競合 %n</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n skipped</source>
        <translation>
            <numerusform>スキップ %n</numerusform>
        </translation>
    </message>
    <message>
        <source>not replayed yet</source>
        <translation>未リプレイ</translation>
    </message>
</context>
<context>
    <name>VersionMenu</name>
    <message>
        <source>Tag %1</source>
        <translation>%1 のタグ</translation>
    </message>
    <message>
        <source>Tag:</source>
        <translation>タグ：</translation>
    </message>
    <message>
        <source>Note on %1</source>
        <translation>%1 のメモ</translation>
    </message>
    <message>
        <source>Note:</source>
        <translation>メモ：</translation>
    </message>
    <message>
        <source>Let it step back</source>
        <translation>強調をやめる</translation>
    </message>
    <message>
        <source>Let it stand out</source>
        <translation>強調する</translation>
    </message>
    <message>
        <source>No longer the baseline</source>
        <translation>基準から外す</translation>
    </message>
    <message>
        <source>Use as baseline</source>
        <translation>基準にする</translation>
    </message>
    <message>
        <source>Unpin</source>
        <translation>固定を解除</translation>
    </message>
    <message>
        <source>Pin</source>
        <translation>固定</translation>
    </message>
    <message>
        <source>Add tag…</source>
        <translation>タグを追加…</translation>
    </message>
    <message>
        <source>Remove tag %1</source>
        <translation>タグ %1 を外す</translation>
    </message>
    <message>
        <source>Note…</source>
        <translation>メモ…</translation>
    </message>
    <message>
        <source>What the recorder noticed…</source>
        <translation>記録中に気づいた点…</translation>
    </message>
</context>
<context>
    <name>WindowCommands</name>
    <message>
        <source>Open a project first</source>
        <translation>先にプロジェクトを開いてください</translation>
    </message>
    <message>
        <source>Choose a version first</source>
        <translation>先にバージョンを選んでください</translation>
    </message>
    <message>
        <source>&amp;Open a project folder…</source>
        <translation>プロジェクトのフォルダーを開く(&amp;O)…</translation>
    </message>
    <message>
        <source>Try the &amp;demo project</source>
        <translation>デモプロジェクトを試す(&amp;D)</translation>
    </message>
    <message>
        <source>The demo is being recorded</source>
        <translation>デモを記録しています</translation>
    </message>
    <message>
        <source>&amp;Quit</source>
        <translation>終了(&amp;Q)</translation>
    </message>
    <message>
        <source>&amp;Undo</source>
        <translation>元に戻す(&amp;U)</translation>
    </message>
    <message>
        <source>Nothing to undo</source>
        <translation>元に戻す操作はありません</translation>
    </message>
    <message>
        <source>&amp;Redo</source>
        <translation>やり直す(&amp;R)</translation>
    </message>
    <message>
        <source>Nothing to redo</source>
        <translation>やり直す操作はありません</translation>
    </message>
    <message>
        <source>Choose a probe first</source>
        <translation>先にプローブを選んでください</translation>
    </message>
    <message>
        <source>&amp;Add probe</source>
        <translation>プローブを追加(&amp;A)</translation>
    </message>
    <message>
        <source>&amp;Edit probe</source>
        <translation>プローブを編集(&amp;E)</translation>
    </message>
    <message>
        <source>Re&amp;move probe</source>
        <translation>プローブを削除(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Copy the values at the cursor</source>
        <translation>カーソル位置の値をコピー(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Search commands</source>
        <translation>コマンドを検索(&amp;S)</translation>
    </message>
    <message>
        <source>&amp;Explore</source>
        <translation>探索(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Probe</source>
        <translation>プローブ(&amp;P)</translation>
    </message>
    <message>
        <source>Small &amp;multiples</source>
        <translation>グラフを並べる(&amp;M)</translation>
    </message>
    <message>
        <source>&amp;Fit the charts</source>
        <translation>グラフ全体を表示(&amp;F)</translation>
    </message>
    <message>
        <source>Fit the &amp;timeline</source>
        <translation>タイムライン全体を表示(&amp;T)</translation>
    </message>
    <message>
        <source>Cursor &amp;back</source>
        <translation>カーソルを戻す(&amp;B)</translation>
    </message>
    <message>
        <source>Cursor f&amp;orward</source>
        <translation>カーソルを進める(&amp;O)</translation>
    </message>
    <message>
        <source>To the next &amp;capture</source>
        <translation>次のキャプチャへ(&amp;C)</translation>
    </message>
    <message>
        <source>To the previous c&amp;apture</source>
        <translation>前のキャプチャへ(&amp;A)</translation>
    </message>
    <message>
        <source>Reference B &amp;here</source>
        <translation>比較位置 B をここに(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Next panel</source>
        <translation>次のパネル(&amp;N)</translation>
    </message>
    <message>
        <source>Pre&amp;vious panel</source>
        <translation>前のパネル(&amp;V)</translation>
    </message>
    <message>
        <source>F&amp;ull screen</source>
        <translation>全画面表示(&amp;U)</translation>
    </message>
    <message>
        <source>&amp;Reset the layout</source>
        <translation>レイアウトを初期化(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Dark</source>
        <translation>ダーク(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Filter versions</source>
        <translation>バージョンを絞り込む(&amp;F)</translation>
    </message>
    <message>
        <source>Show &amp;differences to the baseline</source>
        <translation>基準との差を表示(&amp;D)</translation>
    </message>
    <message>
        <source>No version is the baseline yet</source>
        <translation>基準のバージョンがまだありません</translation>
    </message>
    <message>
        <source>&amp;Newer version</source>
        <translation>新しいバージョンへ(&amp;N)</translation>
    </message>
    <message>
        <source>&amp;Older version</source>
        <translation>古いバージョンへ(&amp;O)</translation>
    </message>
    <message>
        <source>Let it stand &amp;out</source>
        <translation>強調する(&amp;O)</translation>
    </message>
    <message>
        <source>Use as &amp;baseline</source>
        <translation>基準にする(&amp;B)</translation>
    </message>
    <message>
        <source>&amp;Pin</source>
        <translation>固定(&amp;P)</translation>
    </message>
    <message>
        <source>Add &amp;tag…</source>
        <translation>タグを追加(&amp;T)…</translation>
    </message>
    <message>
        <source>&amp;Note…</source>
        <translation>メモ(&amp;N)…</translation>
    </message>
    <message>
        <source>A replay is running</source>
        <translation>リプレイの実行中です</translation>
    </message>
    <message>
        <source>The plan asks whether past code may run here</source>
        <translation>過去のコードをここで実行してよいか、計画が確認を求めています</translation>
    </message>
    <message>
        <source>The plan is being made</source>
        <translation>計画を作成しています</translation>
    </message>
    <message>
        <source>Nothing in the plan needs to run</source>
        <translation>計画に実行するものがありません</translation>
    </message>
    <message>
        <source>No replay is running</source>
        <translation>実行中のリプレイはありません</translation>
    </message>
    <message>
        <source>&amp;Replay</source>
        <translation>リプレイ(&amp;R)</translation>
    </message>
    <message>
        <source>&amp;Dry run of one epoch</source>
        <translation>1 エポックだけ試す(&amp;D)</translation>
    </message>
    <message>
        <source>&amp;Pause</source>
        <translation>一時停止(&amp;P)</translation>
    </message>
    <message>
        <source>&amp;Cancel the replay</source>
        <translation>リプレイを中止(&amp;C)</translation>
    </message>
    <message>
        <source>&amp;Keys and commands</source>
        <translation>キーとコマンド(&amp;K)</translation>
    </message>
    <message>
        <source>&amp;About Hindcast</source>
        <translation>Hindcast について(&amp;A)</translation>
    </message>
    <message>
        <source>About Hindcast</source>
        <translation>Hindcast について</translation>
    </message>
    <message>
        <source>Hindcast %1

Hindsight logging for training runs. The window is free software under the GNU General Public License, version 3 or later.</source>
        <translation>Hindcast %1

学習の記録に、あとからログを加えるためのプログラムです。このウィンドウは GNU General Public License バージョン 3 以降に基づく自由ソフトウェアです。</translation>
    </message>
    <message>
        <source>&amp;File</source>
        <translation>ファイル(&amp;F)</translation>
    </message>
    <message>
        <source>&amp;Edit</source>
        <translation>編集(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;View</source>
        <translation>表示(&amp;V)</translation>
    </message>
    <message>
        <source>V&amp;ersions</source>
        <translation>バージョン(&amp;E)</translation>
    </message>
    <message>
        <source>&amp;Help</source>
        <translation>ヘルプ(&amp;H)</translation>
    </message>
    <message>
        <source>P&amp;lan a replay…</source>
        <translation>リプレイを計画(&amp;L)…</translation>
    </message>
    <message>
        <source>&amp;History of the line</source>
        <translation>行の履歴(&amp;H)</translation>
    </message>
    <message>
        <source>&amp;Analyze</source>
        <translation>分析(&amp;A)</translation>
    </message>
</context>
<context>
    <name>Words</name>
    <message>
        <source>it stands before the loop %1</source>
        <translation>ループ %1 の前にあります</translation>
    </message>
    <message>
        <source>it stands after the loop %1</source>
        <translation>ループ %1 の後にあります</translation>
    </message>
    <message>
        <source>it stands after the explicit iterations of %1, and the state there was not stored</source>
        <translation>%1 の明示的な反復の後にあり、そこの状態は保存されていません</translation>
    </message>
    <message>
        <source>it runs when the module is imported, before the loop %1</source>
        <translation>ループ %1 より前の、モジュールのインポート時に実行されます</translation>
    </message>
    <message>
        <source>it stands inside the loop %1</source>
        <translation>ループ %1 の中にあります</translation>
    </message>
    <message>
        <source>it stands before the loop %1; the state there is stored</source>
        <translation>ループ %1 の前にあり、そこの状態は保存済みです</translation>
    </message>
    <message>
        <source>it uses %1, which only running the loop %2 gives</source>
        <translation>使っている %1 はループ %2 を実行しないと得られません</translation>
    </message>
    <message>
        <source>it reads %1, which is not stored where the loop %2 ends (%3)</source>
        <translation>読んでいる %1 はループ %2 の終わりに保存されていません（%3）</translation>
    </message>
    <message>
        <source>what follows the loop %2 reads %1, which is not stored there (%3)</source>
        <translation>ループ %2 の後の処理が読む %1 は、そこに保存されていません（%3）</translation>
    </message>
    <message>
        <source>it reads %1, of which nothing is known where the loop %2 ends</source>
        <translation>読んでいる %1 は、ループ %2 の終わりでの状態が不明です</translation>
    </message>
    <message>
        <source>it stands in %1, and who calls that cannot be seen</source>
        <translation>%1 の中にあり、どこから呼ばれるか分かりません</translation>
    </message>
    <message>
        <source>no call of %1 was found</source>
        <translation>%1 の呼び出しが見つかりません</translation>
    </message>
    <message>
        <source>it shares a compound statement with the loop %1</source>
        <translation>ループ %1 と同じ複合文の中にあります</translation>
    </message>
    <message>
        <source>the loop %1 may end by return</source>
        <translation>ループ %1 は return で終わることがあります</translation>
    </message>
    <message>
        <source>no inner loop is recorded in %1</source>
        <translation>%1 の中に内側のループの記録がありません</translation>
    </message>
    <message>
        <source>no state was stored where the loop %1 ends</source>
        <translation>ループ %1 の終わりの状態が保存されていません</translation>
    </message>
    <message>
        <source>it stands between runs of the loop %1, and not all of them can be skipped</source>
        <translation>ループ %1 の実行の間にあり、そのすべてを飛ばせるわけではありません</translation>
    </message>
    <message>
        <source>it depends on %1, whose state is not stored</source>
        <translation>状態が保存されていない %1 に依存します</translation>
    </message>
    <message>
        <source>the loop %2 fetches from %1, an iterator whose position is not stored</source>
        <translation>ループ %2 はイテレーター %1 から取り出しますが、その位置は保存されていません</translation>
    </message>
    <message>
        <source>it uses %1(), which hides what is read</source>
        <translation>%1() を使っていて、何を読むか分かりません</translation>
    </message>
    <message>
        <source>the version has no checkpoint</source>
        <translation>このバージョンにはチェックポイントがありません</translation>
    </message>
    <message>
        <source>no statement was found at these lines</source>
        <translation>この行に文が見つかりません</translation>
    </message>
    <message>
        <source>it is reached in several ways; the deepest decides</source>
        <translation>到達する経路が複数あり、最も深いものに合わせます</translation>
    </message>
    <message>
        <source>asked for</source>
        <translation>指定によります</translation>
    </message>
    <message>
        <source>these iterations have no stored state from the end of the inner loop</source>
        <translation>これらの反復には、内側のループの終わりの状態が保存されていません</translation>
    </message>
    <message>
        <source>it is reached before the loop %1 too</source>
        <translation>ループ %1 の前にも実行されます</translation>
    </message>
    <message>
        <source>it is reached after the loop %1 too</source>
        <translation>ループ %1 の後にも実行されます</translation>
    </message>
    <message>
        <source>recorded by the run itself</source>
        <translation>学習時に記録済みです</translation>
    </message>
    <message>
        <source>no probe has a place in this version</source>
        <translation>このバージョンにはプローブを配置する場所がありません</translation>
    </message>
    <message>
        <source>the filter rules this version out</source>
        <translation>絞り込みの対象外です</translation>
    </message>
    <message>
        <source>the run has no whole iteration that was asked for</source>
        <translation>指定された反復で完了したものがありません</translation>
    </message>
    <message>
        <source>no state is stored at the iterations that were asked for</source>
        <translation>指定した反復には状態が保存されていません</translation>
    </message>
    <message>
        <source>no source was stored for this version</source>
        <translation>このバージョンのソースは保存されていません</translation>
    </message>
    <message>
        <source>it was imported from %1, which keeps no code that could be run again</source>
        <translation>%1 からインポートされました。再実行できるコードは保存されていません</translation>
    </message>
    <message>
        <source>imported from another tool, without its code</source>
        <translation>別のツールからコードなしでインポートされました</translation>
    </message>
    <message>
        <source>its captures are at %1: replay it there, or pull them</source>
        <translation>キャプチャは %1 にあります。そこでリプレイするか、取り込んでください</translation>
    </message>
    <message>
        <source>its environment cannot be used here: %1</source>
        <translation>記録時の環境をここで使えません：%1</translation>
    </message>
    <message>
        <source>its source does not parse: %1</source>
        <translation>ソースの構文を解釈できません：%1</translation>
    </message>
    <message>
        <source>needs your decision where it stands</source>
        <translation>配置場所の判断が必要です</translation>
    </message>
    <message>
        <source>skipped by you</source>
        <translation>スキップに指定されています</translation>
    </message>
    <message>
        <source>none</source>
        <comment>replay mode</comment>
        <translation>なし</translation>
    </message>
    <message>
        <source>prefix</source>
        <comment>replay mode</comment>
        <translation>ループ前</translation>
    </message>
    <message>
        <source>pre</source>
        <comment>replay mode</comment>
        <translation>内側の前</translation>
    </message>
    <message>
        <source>shallow</source>
        <comment>replay mode</comment>
        <translation>浅い</translation>
    </message>
    <message>
        <source>deep</source>
        <comment>replay mode</comment>
        <translation>深い</translation>
    </message>
    <message>
        <source>mid</source>
        <comment>replay mode</comment>
        <translation>途中から</translation>
    </message>
    <message>
        <source>suffix</source>
        <comment>replay mode</comment>
        <translation>ループ後</translation>
    </message>
    <message>
        <source>beginning</source>
        <comment>replay mode</comment>
        <translation>最初から</translation>
    </message>
    <message>
        <source>starting</source>
        <comment>phase of a worker</comment>
        <translation>起動中</translation>
    </message>
    <message>
        <source>importing</source>
        <comment>phase of a worker</comment>
        <translation>インポート中</translation>
    </message>
    <message>
        <source>running up to the loop</source>
        <comment>phase of a worker</comment>
        <translation>ループの手前まで実行中</translation>
    </message>
    <message>
        <source>restoring a capture</source>
        <comment>phase of a worker</comment>
        <translation>キャプチャを復元中</translation>
    </message>
    <message>
        <source>waiting in Slurm&apos;s queue%1</source>
        <comment>phase of a worker; %1 is Slurm&apos;s reason</comment>
        <translation>Slurm のキューで待機中%1</translation>
    </message>
    <message>
        <source>being submitted to Slurm</source>
        <comment>phase of a worker</comment>
        <translation>Slurm に投入中</translation>
    </message>
    <message>
        <source>connecting to %1</source>
        <comment>phase of a worker</comment>
        <translation>%1 に接続中</translation>
    </message>
    <message>
        <source>iteration %1</source>
        <comment>phase of a worker</comment>
        <translation>反復 %1</translation>
    </message>
    <message>
        <source>placed</source>
        <comment>placement</comment>
        <translation>配置</translation>
    </message>
    <message>
        <source>by hand</source>
        <comment>placement</comment>
        <translation>手動</translation>
    </message>
    <message>
        <source>recorded</source>
        <comment>placement</comment>
        <translation>記録</translation>
    </message>
    <message>
        <source>conflict</source>
        <comment>placement</comment>
        <translation>競合</translation>
    </message>
    <message>
        <source>skipped</source>
        <comment>placement</comment>
        <translation>スキップ</translation>
    </message>
    <message>
        <source>training</source>
        <comment>version state</comment>
        <translation>学習中</translation>
    </message>
    <message>
        <source>complete</source>
        <comment>version state</comment>
        <translation>完了</translation>
    </message>
    <message>
        <source>incomplete</source>
        <comment>version state</comment>
        <translation>未完了</translation>
    </message>
    <message>
        <source>crashed</source>
        <comment>version state</comment>
        <translation>異常終了</translation>
    </message>
    <message>
        <source>once per run</source>
        <translation>学習ごと</translation>
    </message>
    <message>
        <source>per epoch</source>
        <translation>エポックごと</translation>
    </message>
    <message>
        <source>per step</source>
        <translation>ステップごと</translation>
    </message>
    <message>
        <source>per batch</source>
        <translation>バッチごと</translation>
    </message>
    <message>
        <source>per %1</source>
        <comment>level of a metric, the name of its loop</comment>
        <translation>%1 ごと</translation>
    </message>
    <message>
        <source>replayed before, complete</source>
        <translation>リプレイ済み、不足なし</translation>
    </message>
    <message>
        <source>all it reads is stored after %1</source>
        <translation>必要な値は %1 の後に保存済み</translation>
    </message>
    <message>
        <source>between the same two statements</source>
        <translation>同じ 2 つの文の間</translation>
    </message>
    <message>
        <source>after the same statement</source>
        <translation>同じ文の後</translation>
    </message>
    <message>
        <source>before the same statement</source>
        <translation>同じ文の前</translation>
    </message>
    <message>
        <source>where the code around it fits best</source>
        <translation>前後のコードに最もよく合う場所</translation>
    </message>
    <message>
        <source>where the code around it would stand; the old version does not have that code</source>
        <translation>前後のコードが入るはずの場所（このバージョンにはそのコードがありません）</translation>
    </message>
    <message>
        <source>behind the statement it was written behind</source>
        <translation>続けて書かれた文のすぐ後</translation>
    </message>
    <message>
        <source>the old version has this statement</source>
        <translation>このバージョンには同じ文があります</translation>
    </message>
    <message>
        <source>placed by hand</source>
        <translation>手動で配置</translation>
    </message>
    <message>
        <source>added here</source>
        <translation>ここで追加</translation>
    </message>
    <message>
        <source>%1, but in other loops</source>
        <translation>%1（ただし別のループ）</translation>
    </message>
    <message>
        <source>%1, as in %2</source>
        <comment>why a statement stands there; a version where it stands so</comment>
        <translation>%1（%2 と同様）</translation>
    </message>
    <message numerus="yes">
        <source>%1, carried through %n version(s) between</source>
        <comment>why a statement stands there</comment>
        <translation>
            <numerusform>%1（間の %n バージョンを経由）</numerusform>
        </translation>
    </message>
    <message>
        <source>a check</source>
        <translation>確認</translation>
    </message>
    <message>
        <source>the state inside the loop %1 was stored before its pass %2</source>
        <translation>ループ %1 の途中、%2 回目の前の状態が保存されています</translation>
    </message>
    <message>
        <source>the script started this process itself (%1); a replay starts scripts only</source>
        <translation>スクリプト自身が起動したプロセス（%1）で記録されました。リプレイはスクリプトだけを起動します</translation>
    </message>
    <message>
        <source>tasks of asyncio ran loops side by side; a replay cannot take the same turns</source>
        <translation>asyncio のタスクがループを並行して実行しました。リプレイでは同じ順序を再現できません</translation>
    </message>
    <message>
        <source>it stands in the generator %1, which runs where its values are asked for</source>
        <translation>ジェネレーター %1 の中にあり、値が求められた所で実行されます</translation>
    </message>
    <message>
        <source>the old version has no counterpart of %1</source>
        <comment>names</comment>
        <translation>古いバージョンには %1 に当たるものがありません</translation>
    </message>
    <message>
        <source>the old version has no file that resembles %1</source>
        <translation>古いバージョンには %1 に似たファイルがありません</translation>
    </message>
</context>
<context>
    <name>hindcast::chart::ChartView</name>
    <message>
        <source>Chart</source>
        <translation>グラフ</translation>
    </message>
    <message>
        <source>Chart of %1</source>
        <translation>%1 のグラフ</translation>
    </message>
    <message>
        <source>Nothing to plot yet</source>
        <translation>表示するものがまだありません</translation>
    </message>
    <message>
        <source>Choose a metric, or add a probe for one that was not logged.</source>
        <translation>指標を選ぶか、記録されていない値のプローブを追加してください。</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>epoch</translation>
    </message>
    <message>
        <source>%1: no value here</source>
        <translation>%1：ここに値はありません</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>hidden</source>
        <translation>非表示</translation>
    </message>
    <message>
        <source>%1 · %2 %3: %4 (%5)</source>
        <translation>%1 · %2 %3：%4（%5）</translation>
    </message>
    <message>
        <source>%1 %2</source>
        <translation>%1 %2</translation>
    </message>
    <message>
        <source>Click chooses %1</source>
        <translation>クリックで %1 を選択</translation>
    </message>
</context>
<context>
    <name>hindcast::commands::CommandPalette</name>
    <message>
        <source>Command palette</source>
        <translation>コマンドパレット</translation>
    </message>
    <message>
        <source>Search commands, versions, metrics</source>
        <translation>コマンド、バージョン、指標を検索</translation>
    </message>
    <message>
        <source>Matches</source>
        <translation>候補</translation>
    </message>
</context>
<context>
    <name>hindcast::controls::Badge</name>
    <message>
        <source>placed</source>
        <translation>配置</translation>
    </message>
    <message>
        <source>by hand</source>
        <translation>手動</translation>
    </message>
    <message>
        <source>conflict</source>
        <translation>競合</translation>
    </message>
    <message>
        <source>skipped</source>
        <translation>スキップ</translation>
    </message>
    <message>
        <source>recorded</source>
        <translation>記録</translation>
    </message>
</context>
<context>
    <name>hindcast::controls::Chip</name>
    <message>
        <source>Filter, Delete removes it</source>
        <translation>絞り込み、Delete キーで解除</translation>
    </message>
    <message>
        <source>View setting</source>
        <translation>表示の設定</translation>
    </message>
</context>
<context>
    <name>hindcast::controls::ConfidenceMeter</name>
    <message>
        <source>Confidence %1</source>
        <translation>確信度 %1</translation>
    </message>
    <message>
        <source>No confidence</source>
        <translation>確信度なし</translation>
    </message>
</context>
<context>
    <name>hindcast::controls::PlacementStrip</name>
    <message>
        <source>Placement per version</source>
        <translation>バージョンごとの配置</translation>
    </message>
    <message>
        <source>%1 placed</source>
        <translation>配置 %1</translation>
    </message>
    <message>
        <source>%1 by hand</source>
        <translation>手動 %1</translation>
    </message>
    <message>
        <source>%1 in conflict</source>
        <translation>競合 %1</translation>
    </message>
    <message>
        <source>%1 skipped</source>
        <translation>スキップ %1</translation>
    </message>
    <message>
        <source>%1 recorded</source>
        <translation>記録 %1</translation>
    </message>
    <message>
        <source>%1 to do</source>
        <translation>未配置 %1</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
    <message>
        <source>not placed yet</source>
        <translation>未配置</translation>
    </message>
    <message>
        <source>%1: %2</source>
        <translation>%1：%2</translation>
    </message>
</context>
<context>
    <name>hindcast::controls::ProgressLine</name>
    <message>
        <source>Progress</source>
        <translation>進行状況</translation>
    </message>
    <message>
        <source>under way</source>
        <translation>実行中</translation>
    </message>
    <message>
        <source>%1 %</source>
        <translation>%1 %</translation>
    </message>
</context>
<context>
    <name>hindcast::desktop::DemoRecorder</name>
    <message>
        <source>The demo cannot be recorded: %1</source>
        <translation>デモを記録できません：%1</translation>
    </message>
</context>
<context>
    <name>hindcast::desktop::MachineCheck</name>
    <message>
        <source>No Python found</source>
        <translation>Python が見つかりません</translation>
    </message>
    <message>
        <source>recording and replays need it</source>
        <translation>記録とリプレイに必要です</translation>
    </message>
    <message>
        <source>hindcast found</source>
        <translation>hindcast あり</translation>
    </message>
    <message>
        <source>hindcast not found</source>
        <translation>hindcast なし</translation>
    </message>
    <message>
        <source>No PyTorch found</source>
        <translation>PyTorch が見つかりません</translation>
    </message>
    <message>
        <source>install it for the interpreter of your script</source>
        <translation>スクリプトが使うインタープリターに入れてください</translation>
    </message>
    <message numerus="yes">
        <source>CPU, %n core(s)</source>
        <translation>
            <numerusform>CPU、%n コア</numerusform>
        </translation>
    </message>
    <message>
        <source>GPU found</source>
        <translation>GPU あり</translation>
    </message>
    <message>
        <source>No GPU found</source>
        <translation>GPU が見つかりません</translation>
    </message>
    <message>
        <source>replays run on the CPU</source>
        <translation>リプレイは CPU で実行します</translation>
    </message>
    <message>
        <source>your commit is noted with each version</source>
        <translation>各バージョンにコミットを記録します</translation>
    </message>
    <message>
        <source>git is not set up here</source>
        <translation>git は未設定です</translation>
    </message>
    <message>
        <source>code is saved without it</source>
        <translation>なくてもコードは保存されます</translation>
    </message>
    <message>
        <source>Sandbox</source>
        <translation>サンドボックス</translation>
    </message>
    <message>
        <source>replays cannot touch your files</source>
        <translation>リプレイは手元のファイルに触れません</translation>
    </message>
    <message>
        <source>Sandbox: Landlock</source>
        <translation>サンドボックス: Landlock</translation>
    </message>
    <message>
        <source>install bubblewrap to isolate replays in full</source>
        <translation>bubblewrap を入れるとリプレイを完全に隔離できます</translation>
    </message>
    <message>
        <source>No sandbox</source>
        <translation>サンドボックスなし</translation>
    </message>
    <message>
        <source>install bubblewrap to isolate replays</source>
        <translation>bubblewrap を入れるとリプレイを隔離できます</translation>
    </message>
</context>
<context>
    <name>hindcast::explore::ChartsPanel</name>
    <message>
        <source>Charts</source>
        <translation>グラフ</translation>
    </message>
    <message>
        <source>replayed</source>
        <translation>リプレイ</translation>
    </message>
    <message>
        <source>smoothed %1</source>
        <translation>平滑化 %1</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between parts of a chart&apos;s subtitle</comment>
        <translation>・</translation>
    </message>
    <message>
        <source>No values of %1 yet</source>
        <translation>%1 の値はまだありません</translation>
    </message>
    <message>
        <source>They appear here as soon as they are logged or replayed.</source>
        <translation>記録またはリプレイされるとここに表示されます。</translation>
    </message>
    <message>
        <source>step</source>
        <translation>ステップ</translation>
    </message>
    <message>
        <source>x: %1</source>
        <translation>x: %1</translation>
    </message>
    <message>
        <source>color: %1</source>
        <translation>強調：%1</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between versions</comment>
        <translation>・</translation>
    </message>
    <message>
        <source>Nothing to plot yet</source>
        <translation>表示するものがまだありません</translation>
    </message>
    <message>
        <source>Choose a metric on the left, or add a probe for one that was not logged.</source>
        <translation>左で指標を選ぶか、記録されていない値のプローブを追加してください。</translation>
    </message>
</context>
<context>
    <name>hindcast::explore::TimelinePanel</name>
    <message>
        <source>Timeline</source>
        <translation>タイムライン</translation>
    </message>
    <message>
        <source>No versions yet</source>
        <translation>バージョンはまだありません</translation>
    </message>
    <message>
        <source>Run your script once: python train.py. It appears here by itself.</source>
        <translation>スクリプトを一度実行すると（python train.py）、ここに自動で現れます。</translation>
    </message>
    <message>
        <source>Reading %1 versions, %2 done</source>
        <translation>%1 バージョンを読み込み中、%2 完了</translation>
    </message>
    <message>
        <source>%1 crashed: %2</source>
        <translation>%1 は異常終了：%2</translation>
    </message>
</context>
<context>
    <name>hindcast::look::Provenance</name>
    <message>
        <source>recorded</source>
        <translation>記録</translation>
    </message>
    <message>
        <source>replayed</source>
        <translation>リプレイ</translation>
    </message>
    <message>
        <source>derived</source>
        <translation>導出</translation>
    </message>
    <message>
        <source>imported</source>
        <translation>取込</translation>
    </message>
    <message>
        <source>exact</source>
        <translation>完全一致</translation>
    </message>
    <message>
        <source>exact-logs</source>
        <translation>ログ一致</translation>
    </message>
    <message>
        <source>numeric</source>
        <translation>数値一致</translation>
    </message>
    <message>
        <source>unverified</source>
        <translation>未検証</translation>
    </message>
    <message>
        <source>diverged</source>
        <translation>不一致</translation>
    </message>
</context>
<context>
    <name>hindcast::models::NameModel</name>
    <message>
        <source>%1 is not a number, so no chart can show it</source>
        <translation>%1 は数値ではないため、グラフに表示できません</translation>
    </message>
</context>
<context>
    <name>hindcast::models::PlanModel</name>
    <message>
        <source>Version</source>
        <translation>バージョン</translation>
    </message>
    <message>
        <source>Placement</source>
        <translation>配置</translation>
    </message>
    <message>
        <source>Confidence</source>
        <translation>確信度</translation>
    </message>
    <message>
        <source>Mode</source>
        <translation>モード</translation>
    </message>
    <message>
        <source>Why</source>
        <translation>理由</translation>
    </message>
    <message>
        <source>Epochs</source>
        <translation>エポック</translation>
    </message>
    <message>
        <source>From capture</source>
        <translation>開始キャプチャ</translation>
    </message>
    <message>
        <source>Estimate</source>
        <translation>見積もり</translation>
    </message>
</context>
<context>
    <name>hindcast::models::ProbeStore</name>
    <message>
        <source>Add probe %1</source>
        <translation>プローブ %1 の追加</translation>
    </message>
    <message>
        <source>Edit probe %1</source>
        <translation>プローブ %1 の編集</translation>
    </message>
    <message>
        <source>Remove probe %1</source>
        <translation>プローブ %1 の削除</translation>
    </message>
    <message>
        <source>Place by hand</source>
        <translation>手動で配置</translation>
    </message>
    <message>
        <source>Skip version</source>
        <translation>バージョンをスキップ</translation>
    </message>
    <message>
        <source>Take back the decision</source>
        <translation>決定を取り消す</translation>
    </message>
</context>
<context>
    <name>hindcast::models::QueueModel</name>
    <message>
        <source>queued, %1</source>
        <translation>待機中、%1</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>待機中</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失敗</translation>
    </message>
    <message>
        <source>cancelled, finished values are kept</source>
        <translation>中止、終わった分の値は残ります</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
</context>
<context>
    <name>hindcast::models::ValuesModel</name>
    <message>
        <source>reading</source>
        <translation>読込中</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message numerus="yes">
        <source>%n hidden</source>
        <comment>diverged values</comment>
        <translation>
            <numerusform>%n 件非表示</numerusform>
        </translation>
    </message>
    <message>
        <source>not replayed</source>
        <translation>未リプレイ</translation>
    </message>
    <message>
        <source>%1 recorded %2 itself; the others are replayed.</source>
        <translation>%2 は %1 では学習時の記録、ほかはリプレイの値です。</translation>
    </message>
</context>
<context>
    <name>hindcast::models::VersionModel</name>
    <message>
        <source>base</source>
        <comment>the version that others are compared with</comment>
        <translation>基準</translation>
    </message>
    <message>
        <source>%1, started %2</source>
        <translation>%1、開始 %2</translation>
    </message>
    <message>
        <source>State</source>
        <translation>状態</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>バージョン</translation>
    </message>
    <message>
        <source>Date</source>
        <translation>日付</translation>
    </message>
</context>
<context>
    <name>hindcast::probes::ProbeRow</name>
    <message>
        <source>typed in your file</source>
        <translation>作業中のファイルに記入済み</translation>
    </message>
    <message>
        <source>Part of the plan</source>
        <translation>計画に含まれます</translation>
    </message>
    <message>
        <source>Plan a replay of %1</source>
        <translation>%1 のリプレイを計画</translation>
    </message>
    <message>
        <source>Probe %1</source>
        <translation>プローブ %1</translation>
    </message>
    <message>
        <source>no place</source>
        <translation>配置なし</translation>
    </message>
    <message numerus="yes">
        <source>%n conflict(s)</source>
        <translation>
            <numerusform>競合 %n</numerusform>
        </translation>
    </message>
    <message>
        <source>placing</source>
        <translation>配置中</translation>
    </message>
    <message>
        <source>ready</source>
        <translation>準備完了</translation>
    </message>
    <message>
        <source>Remove</source>
        <translation>削除</translation>
    </message>
</context>
<context>
    <name>hindcast::probes::ProbesPanel</name>
    <message>
        <source>Probes</source>
        <translation>プローブ</translation>
    </message>
    <message>
        <source>No probes yet</source>
        <translation>プローブはまだありません</translation>
    </message>
    <message>
        <source>Click + in the editor&apos;s margin, or press Ctrl+L on a line.</source>
        <translation>エディターの余白の + をクリックするか、行で Ctrl+L を押してください。</translation>
    </message>
</context>
<context>
    <name>hindcast::replay::ChoiceCard</name>
    <message>
        <source>suits the limits best</source>
        <translation>条件に最も合います</translation>
    </message>
    <message>
        <source>breaks a limit</source>
        <translation>条件を超えます</translation>
    </message>
</context>
<context>
    <name>hindcast::replay::LimitsRow</name>
    <message>
        <source>Passes</source>
        <translation>対象の反復</translation>
    </message>
    <message>
        <source>All</source>
        <translation>すべて</translation>
    </message>
    <message>
        <source>1 in %1</source>
        <translation>%1 回に 1 回</translation>
    </message>
    <message>
        <source>Stored states</source>
        <translation>状態のある所のみ</translation>
    </message>
    <message>
        <source>Only passes that cost one each, because a state is stored there</source>
        <translation>状態が保存されているため、1 回の実行で済む反復だけ</translation>
    </message>
    <message>
        <source>Done within</source>
        <translation>所要時間の上限</translation>
    </message>
    <message>
        <source>10 min</source>
        <translation>10 分</translation>
    </message>
    <message>
        <source>Costs at most</source>
        <translation>費用の上限</translation>
    </message>
    <message>
        <source>Type a time as 90 s, 10 min or 2 h.</source>
        <translation>時間は 90 秒、10 分、2 時間 のように入力してください。</translation>
    </message>
    <message>
        <source>Type an amount as 5 or 0.50.</source>
        <translation>金額は 5 や 0.50 のように入力してください。</translation>
    </message>
</context>
<context>
    <name>hindcast::replay::OutputView</name>
    <message>
        <source>Output of the worker</source>
        <translation>ワーカーの出力</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>閉じる</translation>
    </message>
    <message>
        <source>It printed nothing.</source>
        <translation>何も出力していません。</translation>
    </message>
</context>
<context>
    <name>hindcast::replay::PlanPanel</name>
    <message>
        <source>Plan</source>
        <translation>計画</translation>
    </message>
    <message>
        <source>Allow for this project</source>
        <translation>このプロジェクトで許可</translation>
    </message>
    <message>
        <source>Nothing on this computer can hold past code back: a replay could write wherever you can, and use the network.</source>
        <translation>このコンピューターには過去のコードを隔離する手段がありません。リプレイは、あなたが書き込める場所ならどこにでも書き込み、ネットワークも使えます。</translation>
    </message>
    <message>
        <source>Nothing to plan yet</source>
        <translation>計画するものがまだありません</translation>
    </message>
    <message>
        <source>Add a probe: the plan then says per version what would run, why, and how long it takes.</source>
        <translation>プローブを追加すると、バージョンごとに何をなぜ実行するか、どれだけかかるかを示します。</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between probes</comment>
        <translation>、</translation>
    </message>
    <message numerus="yes">
        <source>%n version(s)</source>
        <translation>
            <numerusform>%n バージョン</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n epoch(s)</source>
        <translation>
            <numerusform>%n エポック</numerusform>
        </translation>
    </message>
    <message>
        <source>This computer</source>
        <translation>このコンピューター</translation>
    </message>
    <message numerus="yes">
        <source>%n worker(s)</source>
        <translation>
            <numerusform>ワーカー %n</numerusform>
        </translation>
    </message>
    <message>
        <source>One at a time</source>
        <translation>1 つずつ</translation>
    </message>
    <message>
        <source>costs %1</source>
        <comment>amount of money</comment>
        <translation>費用 %1</translation>
    </message>
    <message>
        <source>free of charge</source>
        <translation>無料</translation>
    </message>
    <message>
        <source>nothing to run</source>
        <translation>実行するものなし</translation>
    </message>
    <message>
        <source>this computer</source>
        <translation>このコンピューター</translation>
    </message>
    <message numerus="yes">
        <source>%1 with %n worker(s): %2</source>
        <translation>
            <numerusform>%1、ワーカー %n、%2</numerusform>
        </translation>
    </message>
    <message>
        <source>Suits best: %1</source>
        <translation>最適: %1</translation>
    </message>
    <message>
        <source>Nothing keeps the limits; nearest: %1</source>
        <translation>条件を満たす方法がありません。最も近いもの: %1</translation>
    </message>
</context>
<context>
    <name>hindcast::replay::QueuePanel</name>
    <message>
        <source>Queue</source>
        <translation>キュー</translation>
    </message>
    <message>
        <source>Show what the worker printed</source>
        <translation>ワーカーの出力を表示</translation>
    </message>
    <message>
        <source>Show what the worker printed
Return</source>
        <translation>ワーカーの出力を表示
Return</translation>
    </message>
    <message>
        <source>Replay progress</source>
        <translation>リプレイの進行状況</translation>
    </message>
    <message>
        <source>Replay queue</source>
        <translation>リプレイのキュー</translation>
    </message>
    <message>
        <source>starting</source>
        <translation>準備中</translation>
    </message>
    <message>
        <source>Starting the replay</source>
        <translation>リプレイを開始しています</translation>
    </message>
    <message>
        <source>The first values come when the script&apos;s imports are done.</source>
        <translation>スクリプトのインポートが終わると、最初の値が届きます。</translation>
    </message>
    <message>
        <source>Nothing queued</source>
        <translation>キューは空です</translation>
    </message>
    <message>
        <source>Replay starts what the plan says; versions fill in here one by one.</source>
        <translation>リプレイを始めると、計画のバージョンがここに順に並びます。</translation>
    </message>
    <message>
        <source>%1 of %2 epochs</source>
        <translation>%1 / %2 エポック</translation>
    </message>
    <message>
        <source>paused</source>
        <translation>一時停止中</translation>
    </message>
    <message>
        <source>cancelled</source>
        <translation>中止</translation>
    </message>
    <message>
        <source>done</source>
        <translation>完了</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between parts of a state</comment>
        <translation>、</translation>
    </message>
    <message>
        <source>Output of %1</source>
        <translation>%1 の出力</translation>
    </message>
    <message numerus="yes">
        <source>%n interrupted</source>
        <translation>
            <numerusform>中断 %n 件</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>hindcast::replay::ResultPanel</name>
    <message>
        <source>Result</source>
        <translation>結果</translation>
    </message>
    <message>
        <source>Probed value</source>
        <translation>プローブの値</translation>
    </message>
    <message>
        <source>No result yet</source>
        <translation>結果はまだありません</translation>
    </message>
    <message>
        <source>The values of a probe appear here while its replay runs.</source>
        <translation>リプレイの間、プローブの値がここに現れます。</translation>
    </message>
    <message>
        <source>No values of %1 yet</source>
        <translation>%1 の値はまだありません</translation>
    </message>
    <message>
        <source>Press Replay: they fill in as workers finish epochs.</source>
        <translation>［リプレイ］を押すと、エポックが終わるたびに埋まります。</translation>
    </message>
</context>
<context>
    <name>hindcast::replay::UnfinishedCard</name>
    <message>
        <source>Resume</source>
        <translation>再開</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between probes</comment>
        <translation>、</translation>
    </message>
    <message>
        <source>%1 was interrupted</source>
        <translation>%1 のリプレイが中断されました</translation>
    </message>
    <message numerus="yes">
        <source>%n version(s)</source>
        <translation>
            <numerusform>%n バージョン</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n epoch(s) asked</source>
        <translation>
            <numerusform>%n エポックを要求</numerusform>
        </translation>
    </message>
    <message>
        <source>begun %1</source>
        <translation>%1 に開始</translation>
    </message>
    <message>
        <source>Discard</source>
        <translation>破棄</translation>
    </message>
    <message>
        <source>Forgets what is left; values that have arrived stay</source>
        <translation>残りを忘れます。届いた値は残ります</translation>
    </message>
    <message>
        <source>Replays what had not been finished</source>
        <translation>終わっていなかった分をリプレイします</translation>
    </message>
    <message>
        <source>A replay is running</source>
        <translation>リプレイを実行中です</translation>
    </message>
</context>
<context>
    <name>hindcast::shell::CursorGroup</name>
    <message>
        <source>Time cursor</source>
        <translation>時間カーソル</translation>
    </message>
    <message>
        <source>B: reference %1</source>
        <translation>B：比較位置 %1</translation>
    </message>
</context>
<context>
    <name>hindcast::shell::FirstRunPage</name>
    <message>
        <source>See what your past runs would have logged</source>
        <translation>過去の学習が記録していたはずの値を見る</translation>
    </message>
    <message>
        <source>Add the log line you wish you had. Hindcast places it in every past version, replays only what is needed, and checks that the replay is faithful.</source>
        <translation>あのとき書いておきたかったログの行を加えてください。Hindcast が過去のすべてのバージョンに配置し、必要な部分だけをリプレイして、結果が記録と一致するか確かめます。</translation>
    </message>
    <message>
        <source>Open a project folder…</source>
        <translation>プロジェクトのフォルダーを開く…</translation>
    </message>
    <message>
        <source>Try the demo project</source>
        <translation>デモプロジェクトを試す</translation>
    </message>
    <message>
        <source>or drop a folder here</source>
        <translation>フォルダーをここにドロップしても開けます</translation>
    </message>
    <message>
        <source>Recording of the demo</source>
        <translation>デモの記録</translation>
    </message>
    <message>
        <source>Record</source>
        <translation>記録</translation>
    </message>
    <message>
        <source>Ask later</source>
        <translation>あとから尋ねる</translation>
    </message>
    <message>
        <source>See all versions</source>
        <translation>全バージョンを見る</translation>
    </message>
    <message>
        <source>Train as usual. Light checkpoints are kept within the overhead you allow.</source>
        <translation>いつもどおり学習します。軽いチェックポイントを、許した負荷の範囲で残します。</translation>
    </message>
    <message>
        <source>Write a log line today, or an expression, where you wish it had been.</source>
        <translation>あってほしかった場所に、今、ログの行や式を書きます。</translation>
    </message>
    <message>
        <source>Curves fill in while replays run. A filled mark has been checked.</source>
        <translation>リプレイが進むと曲線が埋まります。塗られた印は照合済みです。</translation>
    </message>
    <message>
        <source>Start recording your own script</source>
        <translation>自分のスクリプトの記録を始める</translation>
    </message>
    <message>
        <source>Copy</source>
        <translation>コピー</translation>
    </message>
    <message>
        <source>Then run python train.py and open the folder here.</source>
        <translation>その後 python train.py を実行し、フォルダーをここで開いてください。</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>中止</translation>
    </message>
    <message>
        <source>Recording version %1 of %2</source>
        <translation>バージョン %1 / %2 を記録しています</translation>
    </message>
    <message>
        <source>Opening %1</source>
        <translation>%1 を開いています</translation>
    </message>
</context>
<context>
    <name>hindcast::shell::MachineCard</name>
    <message>
        <source>This computer</source>
        <translation>このコンピューター</translation>
    </message>
</context>
<context>
    <name>hindcast::shell::MainWindow</name>
    <message>
        <source>%1 – Hindcast</source>
        <comment>window title, a project</comment>
        <translation>%1 – Hindcast</translation>
    </message>
    <message>
        <source>Search commands, versions, metrics</source>
        <translation>コマンド、バージョン、指標を検索</translation>
    </message>
    <message>
        <source>Search commands</source>
        <translation>コマンドを検索</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>閉じる</translation>
    </message>
    <message>
        <source>Version</source>
        <translation>バージョン</translation>
    </message>
    <message>
        <source>Metric: show or hide its chart</source>
        <translation>指標：グラフの表示を切り替え</translation>
    </message>
    <message>
        <source>Open a project folder</source>
        <translation>プロジェクトのフォルダーを開く</translation>
    </message>
</context>
<context>
    <name>hindcast::shell::StatusRow</name>
    <message>
        <source>Everything stays in one folder on this computer. No account, no server, no network.</source>
        <translation>すべてこのコンピューターの 1 つのフォルダーに保存されます。アカウント、サーバー、ネットワークは不要です。</translation>
    </message>
    <message>
        <source>Replay progress</source>
        <translation>リプレイの進行状況</translation>
    </message>
    <message>
        <source>Cancel</source>
        <translation>中止</translation>
    </message>
    <message>
        <source>Dark</source>
        <translation>ダーク</translation>
    </message>
    <message>
        <source>Light</source>
        <translation>ライト</translation>
    </message>
    <message>
        <source>Switch between light and dark</source>
        <translation>ライトとダークを切り替え</translation>
    </message>
    <message>
        <source>Language</source>
        <translation>言語</translation>
    </message>
    <message>
        <source>%1 training</source>
        <translation>%1 学習中</translation>
    </message>
    <message>
        <source>%1 training, %2 %3</source>
        <translation>%1 学習中：%2 %3</translation>
    </message>
    <message>
        <source>Store %1</source>
        <translation>ストア %1</translation>
    </message>
    <message>
        <source>Resume</source>
        <translation>再開</translation>
    </message>
    <message>
        <source>Pause</source>
        <translation>一時停止</translation>
    </message>
    <message>
        <source>Replay %1 of %2 epochs</source>
        <translation>リプレイ %1 / %2 エポック</translation>
    </message>
    <message numerus="yes">
        <source>%n worker(s)</source>
        <translation>
            <numerusform>ワーカー %n</numerusform>
        </translation>
    </message>
    <message>
        <source>Starting the replay</source>
        <translation>リプレイを開始しています</translation>
    </message>
    <message>
        <source>Replay cancelled after %1 of %2 epochs; finished values are kept</source>
        <translation>リプレイを %1 / %2 エポックで中止、終わった分の値は残ります</translation>
    </message>
    <message>
        <source>Replay finished: %1 epochs</source>
        <translation>リプレイ完了：%1 エポック</translation>
    </message>
</context>
<context>
    <name>hindcast::shell::ToolRow</name>
    <message>
        <source>Explore</source>
        <translation>探索</translation>
    </message>
    <message>
        <source>Probe</source>
        <comment>workspace</comment>
        <translation>プローブ</translation>
    </message>
    <message>
        <source>Workspace</source>
        <translation>作業画面</translation>
    </message>
</context>
<context>
    <name>hindcast::source::EditorPanel</name>
    <message>
        <source>Editor</source>
        <translation>エディター</translation>
    </message>
    <message>
        <source>Newest source with probes</source>
        <translation>プローブ入りの最新ソース</translation>
    </message>
    <message>
        <source>No source yet</source>
        <translation>ソースはまだありません</translation>
    </message>
    <message>
        <source>The source of a version is stored when its run starts.</source>
        <translation>バージョンのソースは学習の開始時に保存されます。</translation>
    </message>
    <message>
        <source>your file</source>
        <translation>作業中のファイル</translation>
    </message>
    <message>
        <source>newest, %1</source>
        <translation>最新、%1</translation>
    </message>
    <message>
        <source>All files</source>
        <translation>すべてのファイル</translation>
    </message>
    <message>
        <source>All files of the project</source>
        <translation>プロジェクトのすべてのファイル</translation>
    </message>
</context>
<context>
    <name>hindcast::source::HistoryCard</name>
    <message>
        <source>Versions with this line</source>
        <translation>この行があるバージョン</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>閉じる</translation>
    </message>
    <message>
        <source>Close  Esc</source>
        <translation>閉じる  Esc</translation>
    </message>
    <message>
        <source>looking through the versions</source>
        <translation>バージョンを調べています</translation>
    </message>
    <message>
        <source>%1 of %2 versions</source>
        <translation>%2 バージョン中 %1</translation>
    </message>
    <message>
        <source>the same</source>
        <translation>同じ</translation>
    </message>
    <message>
        <source>its source is not stored, or does not parse</source>
        <translation>ソースが保存されていないか、解析できません</translation>
    </message>
    <message>
        <source>does not have this line</source>
        <translation>この行はありません</translation>
    </message>
    <message>
        <source>since %1</source>
        <translation>%1 から</translation>
    </message>
    <message>
        <source>no version has this line</source>
        <translation>この行があるバージョンはありません</translation>
    </message>
    <message>
        <source>in %1</source>
        <translation>%1 にあります</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between versions</comment>
        <translation>、</translation>
    </message>
    <message>
        <source>%1, as it stands since %2</source>
        <translation>%1。今の形は %2 からです</translation>
    </message>
    <message>
        <source>%1, nowhere as it stands now</source>
        <translation>%1。今の形のものはありません</translation>
    </message>
</context>
<context>
    <name>hindcast::source::PlacementCard</name>
    <message>
        <source>Statement for this version</source>
        <translation>このバージョンでの文</translation>
    </message>
    <message>
        <source>How many further versions get the same</source>
        <translation>同じ決定を適用するバージョンの数</translation>
    </message>
    <message>
        <source>the same for the next</source>
        <translation>続けて同じ決定を適用</translation>
    </message>
    <message>
        <source>Take back</source>
        <translation>取り消す</translation>
    </message>
    <message>
        <source>Forgets this decision and places the statement again</source>
        <translation>この決定を忘れ、文を配置し直します</translation>
    </message>
    <message>
        <source>%1 has no sure place for this line</source>
        <translation>%1 にはこの行の確実な位置がありません</translation>
    </message>
    <message>
        <source>%1 is left out</source>
        <translation>%1 は対象外です</translation>
    </message>
    <message>
        <source>Placed in %1 by hand</source>
        <translation>%1 に手動で配置しました</translation>
    </message>
    <message>
        <source>Placed in %1</source>
        <translation>%1 に配置しました</translation>
    </message>
    <message>
        <source>best place %1, needs %2</source>
        <translation>最良の位置 %1、必要な値 %2</translation>
    </message>
    <message>
        <source>drag the line to move it, or Alt+Up, Alt+Down</source>
        <translation>行をドラッグ、または Alt+↑、Alt+↓ で移動</translation>
    </message>
    <message>
        <source>Place at A</source>
        <translation>A に配置</translation>
    </message>
    <message>
        <source>Place at B</source>
        <translation>B に配置</translation>
    </message>
    <message>
        <source>Edit for %1</source>
        <translation>%1 用に編集</translation>
    </message>
    <message>
        <source>Skip %1</source>
        <translation>%1 をスキップ</translation>
    </message>
    <message>
        <source>, </source>
        <comment>between versions</comment>
        <translation>、</translation>
    </message>
    <message numerus="yes">
        <source>of %n version(s)</source>
        <translation>
            <numerusform>%n バージョン中</numerusform>
        </translation>
    </message>
    <message>
        <source>Return places it, Shift+Return starts a line, Esc leaves</source>
        <translation>Return で配置、Shift+Return で改行、Esc で中止</translation>
    </message>
</context>
<context>
    <name>hindcast::source::PreviewPanel</name>
    <message>
        <source>Preview</source>
        <translation>プレビュー</translation>
    </message>
    <message>
        <source>The probe in a past version</source>
        <translation>過去のバージョンでのプローブ</translation>
    </message>
    <message>
        <source>Older version</source>
        <translation>古いバージョン</translation>
    </message>
    <message>
        <source>Newer version</source>
        <translation>新しいバージョン</translation>
    </message>
    <message>
        <source>No past version chosen</source>
        <translation>過去のバージョンが選ばれていません</translation>
    </message>
    <message>
        <source>Choose a mark in a probe&apos;s strip or a row of the plan to see the line there.</source>
        <translation>プローブの印か計画の行を選ぶと、そのバージョンでの行が見えます。</translation>
    </message>
    <message>
        <source>in %1 · %2</source>
        <translation>%1 · %2</translation>
    </message>
    <message>
        <source>Skipped here: %1</source>
        <translation>ここではスキップ：%1</translation>
    </message>
    <message>
        <source>This version logs it itself</source>
        <translation>このバージョンは自身で記録しています</translation>
    </message>
    <message>
        <source>confidence %1</source>
        <translation>確信度 %1</translation>
    </message>
</context>
<context>
    <name>hindcast::source::ProbeEntry</name>
    <message>
        <source>as</source>
        <comment>an expression as a name</comment>
        <translation>名前</translation>
    </message>
    <message>
        <source>Log statement or expression</source>
        <translation>ログ文または式</translation>
    </message>
    <message>
        <source>Name of the logged value</source>
        <translation>記録する値の名前</translation>
    </message>
    <message>
        <source>name</source>
        <translation>名前</translation>
    </message>
    <message>
        <source>Return adds it to every version · Shift+Return new line · Esc leaves</source>
        <translation>Return で全バージョンに追加 · Shift+Return で改行 · Esc で閉じる</translation>
    </message>
    <message>
        <source>Type a log statement or an expression</source>
        <translation>ログ文または式を入力してください</translation>
    </message>
    <message>
        <source>Give the value a name</source>
        <translation>値に名前を付けてください</translation>
    </message>
</context>
<context>
    <name>hindcast::sql::QueryBar</name>
    <message>
        <source>Saved queries</source>
        <translation>保存したクエリ</translation>
    </message>
    <message>
        <source>Name of the query</source>
        <translation>クエリの名前</translation>
    </message>
    <message>
        <source>Name, then Return</source>
        <translation>名前を入力して Return</translation>
    </message>
    <message>
        <source>Stop</source>
        <translation>中止</translation>
    </message>
    <message>
        <source>Run</source>
        <translation>実行</translation>
    </message>
    <message>
        <source>Stops the query; the last answer stays  Esc</source>
        <translation>クエリを止めます。前の結果は残ります  Esc</translation>
    </message>
    <message>
        <source>Runs the query  Ctrl+Return</source>
        <translation>クエリを実行します  Ctrl+Return</translation>
    </message>
    <message>
        <source>Esc stops</source>
        <translation>Esc で中止</translation>
    </message>
    <message>
        <source>Ctrl+Return runs, Ctrl+Space completes</source>
        <translation>Ctrl+Return で実行、Ctrl+Space で補完</translation>
    </message>
    <message>
        <source>None yet</source>
        <translation>まだありません</translation>
    </message>
    <message>
        <source>Save under a name…</source>
        <translation>名前を付けて保存…</translation>
    </message>
    <message>
        <source>Save to “%1”</source>
        <translation>「%1」に上書き</translation>
    </message>
    <message>
        <source>Remove “%1”</source>
        <translation>「%1」を削除</translation>
    </message>
</context>
<context>
    <name>hindcast::sql::ResultChart</name>
    <message>
        <source>x</source>
        <translation>x</translation>
    </message>
    <message>
        <source>y</source>
        <translation>y</translation>
    </message>
    <message>
        <source>a line per</source>
        <translation>線の分け方</translation>
    </message>
    <message>
        <source>No numbers to draw</source>
        <translation>描く数値がありません</translation>
    </message>
    <message>
        <source>A chart needs a column of numbers as y.</source>
        <translation>グラフの y には数値の列が必要です。</translation>
    </message>
    <message>
        <source>(row)</source>
        <translation>（行）</translation>
    </message>
    <message>
        <source>(one line)</source>
        <translation>（一本の線）</translation>
    </message>
    <message>
        <source>row</source>
        <translation>行</translation>
    </message>
    <message>
        <source>by row</source>
        <translation>行ごと</translation>
    </message>
    <message>
        <source>by %1</source>
        <comment>name of the x axis</comment>
        <translation>%1 ごと</translation>
    </message>
    <message numerus="yes">
        <source>%n line(s) left out</source>
        <translation>
            <numerusform>%n 本の線を省略</numerusform>
        </translation>
    </message>
    <message>
        <source>Hollow: the query does not say where values come from.</source>
        <translation>白抜き: このクエリでは値の出所が分かりません。</translation>
    </message>
    <message>
        <source>Select the columns source and fidelity too, of pivot() &quot;NAME.source&quot; and &quot;NAME.fidelity&quot;:
the marks then say where each value comes from.</source>
        <translation>source と fidelity の列（pivot() では &quot;NAME.source&quot; と &quot;NAME.fidelity&quot;）も選ぶと、
値の出所が印で分かります。</translation>
    </message>
</context>
<context>
    <name>hindcast::sql::ResultModel</name>
    <message>
        <source>not replayed</source>
        <translation>未リプレイ</translation>
    </message>
    <message>
        <source>NULL: nothing stands here</source>
        <translation>NULL: 値がありません</translation>
    </message>
    <message>
        <source>Not replayed yet: a replay would give this value</source>
        <translation>まだリプレイされていません。リプレイすると値が得られます</translation>
    </message>
    <message>
        <source>The script logged None</source>
        <translation>スクリプトが None を記録しました</translation>
    </message>
</context>
<context>
    <name>hindcast::sql::ResultTable</name>
    <message>
        <source>Result of the query</source>
        <translation>クエリの結果</translation>
    </message>
</context>
<context>
    <name>hindcast::sql::SqlPanel</name>
    <message>
        <source>SQL</source>
        <translation>SQL</translation>
    </message>
    <message>
        <source>Query</source>
        <translation>クエリ</translation>
    </message>
    <message>
        <source>Ask over all versions</source>
        <translation>全バージョンに問い合わせる</translation>
    </message>
    <message>
        <source>Type a query and press Ctrl+Return. pivot(&apos;loss&apos;, &apos;lr&apos;) is a table with a row for each iteration and a column for each name; versions, logs, iterations and others are there too.</source>
        <translation>クエリを入力して Ctrl+Return を押します。pivot(&apos;loss&apos;, &apos;lr&apos;) は反復ごとに一行、名前ごとに一列の表です。versions、logs、iterations などの表もあります。</translation>
    </message>
    <message>
        <source>Insert an example</source>
        <translation>例を挿入</translation>
    </message>
    <message>
        <source>As a table</source>
        <translation>表で表示</translation>
    </message>
    <message>
        <source>As a chart</source>
        <translation>グラフで表示</translation>
    </message>
    <message>
        <source>Close</source>
        <translation>閉じる</translation>
    </message>
    <message>
        <source>Close  %1</source>
        <comment>and the keys</comment>
        <translation>閉じる  %1</translation>
    </message>
    <message numerus="yes">
        <source>%n row(s) written to %1</source>
        <translation>
            <numerusform>%n 行を %1 に書き出しました</numerusform>
        </translation>
    </message>
    <message>
        <source>running, %1</source>
        <translation>実行中、%1</translation>
    </message>
    <message numerus="yes">
        <source>%n row(s)</source>
        <translation>
            <numerusform>%n 行</numerusform>
        </translation>
    </message>
    <message>
        <source>, </source>
        <comment>between numbers of rows and columns</comment>
        <translation>、</translation>
    </message>
    <message>
        <source>Stopped. What is shown is the answer before.</source>
        <translation>中止しました。表示は前の結果です。</translation>
    </message>
    <message>
        <source>Stopped.</source>
        <translation>中止しました。</translation>
    </message>
    <message numerus="yes">
        <source>%n column(s)</source>
        <translation>
            <numerusform>%n 列</numerusform>
        </translation>
    </message>
    <message>
        <source>%1 ms</source>
        <translation>%1 ミリ秒</translation>
    </message>
    <message>
        <source>The first %1 rows; there are more. An export writes all of them.</source>
        <translation>最初の %1 行です。続きがあります。書き出しにはすべて含まれます。</translation>
    </message>
    <message>
        <source>Export the rows</source>
        <translation>行を書き出す</translation>
    </message>
    <message>
        <source>CSV (*.csv)</source>
        <translation>CSV (*.csv)</translation>
    </message>
</context>
<context>
    <name>hindcast::timeline::TimelineLegend</name>
    <message>
        <source>capture</source>
        <translation>キャプチャ</translation>
    </message>
    <message>
        <source>replayed</source>
        <translation>リプレイ</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>待機中</translation>
    </message>
    <message>
        <source>Legend</source>
        <translation>凡例</translation>
    </message>
</context>
<context>
    <name>hindcast::timeline::TimelineView</name>
    <message>
        <source>all</source>
        <translation>全体</translation>
    </message>
    <message>
        <source>Timeline</source>
        <translation>タイムライン</translation>
    </message>
    <message>
        <source>epoch</source>
        <translation>epoch</translation>
    </message>
    <message>
        <source>No versions yet</source>
        <translation>バージョンはまだありません</translation>
    </message>
    <message>
        <source>Run your training script once with Hindcast, and its epochs appear here.</source>
        <translation>Hindcast で学習スクリプトを一度実行すると、エポックがここに現れます。</translation>
    </message>
    <message>
        <source>logged</source>
        <translation>記録あり</translation>
    </message>
    <message>
        <source>nothing logged</source>
        <translation>記録なし</translation>
    </message>
    <message>
        <source>capture</source>
        <translation>キャプチャ</translation>
    </message>
    <message>
        <source>failed</source>
        <translation>失敗</translation>
    </message>
    <message>
        <source>alert</source>
        <translation>アラート</translation>
    </message>
    <message>
        <source>queued</source>
        <translation>待機中</translation>
    </message>
    <message>
        <source>replay running</source>
        <translation>リプレイ中</translation>
    </message>
    <message>
        <source>replayed</source>
        <translation>リプレイ</translation>
    </message>
    <message>
        <source>replayed, unverified</source>
        <translation>リプレイ・未検証</translation>
    </message>
    <message>
        <source>diverged</source>
        <translation>不一致</translation>
    </message>
    <message>
        <source>%1 (%2)</source>
        <translation>%1（%2）</translation>
    </message>
    <message>
        <source>%1 · %2 %3: %4</source>
        <translation>%1 · %2 %3：%4</translation>
    </message>
    <message>
        <source>, </source>
        <translation>、</translation>
    </message>
</context>
<context>
    <name>hindcast::values::ValuesDelegate</name>
    <message>
        <source>✓ restored state  ✓ same path
✓ recorded values came out again, bit for bit
✓ state at the end is the same</source>
        <translation>✓ 状態を復元&#x3000;✓ 同じ経路
✓ 記録と同じ値がビット単位で再現
✓ 終わりの状態も同じ</translation>
    </message>
    <message>
        <source>✓ restored state  ✓ same path
✓ recorded values came out again, bit for bit
– no stored state at the end to compare</source>
        <translation>✓ 状態を復元&#x3000;✓ 同じ経路
✓ 記録と同じ値がビット単位で再現
– 終わりの状態は保存がなく比べられません</translation>
    </message>
    <message>
        <source>✓ restored state  ✓ same path
≈ recorded values within the tolerance
– other hardware or kernels than recorded</source>
        <translation>✓ 状態を復元&#x3000;✓ 同じ経路
≈ 記録の値と許容差の範囲で一致
– 記録時と異なるハードウェアまたはカーネル</translation>
    </message>
    <message>
        <source>– nothing recorded to compare with, or not checked yet</source>
        <translation>– 比べる記録がないか、まだ照合していません</translation>
    </message>
    <message>
        <source>✗ recorded values came out differently;
these values are not shown unless asked for</source>
        <translation>✗ 記録と異なる値になりました
求めない限りこの値は表示しません</translation>
    </message>
</context>
<context>
    <name>hindcast::values::ValuesPanel</name>
    <message>
        <source>Values at cursor</source>
        <translation>カーソル位置の値</translation>
    </message>
    <message>
        <source>No values here yet</source>
        <translation>ここに値はまだありません</translation>
    </message>
    <message>
        <source>Choose a metric on the left, or add a probe for one that was not logged.</source>
        <translation>左で指標を選ぶか、記録されていない値のプローブを追加してください。</translation>
    </message>
</context>
<context>
    <name>hindcast::versions::MetricList</name>
    <message>
        <source>Metrics on the charts</source>
        <translation>グラフに出す指標</translation>
    </message>
</context>
<context>
    <name>hindcast::versions::VersionTable</name>
    <message>
        <source>Versions</source>
        <translation>バージョン</translation>
    </message>
</context>
<context>
    <name>hindcast::versions::VersionsPanel</name>
    <message>
        <source>Versions</source>
        <translation>バージョン</translation>
    </message>
    <message>
        <source>lr &lt; 0.001 and val_acc &gt; 0.9</source>
        <comment>example of a filter</comment>
        <translation>lr &lt; 0.001 and val_acc &gt; 0.9</translation>
    </message>
    <message>
        <source>Filter versions</source>
        <translation>バージョンを絞り込む</translation>
    </message>
    <message>
        <source>Filter by arguments, recorded names and loops, as in SQL
/</source>
        <translation>引数、記録した名前、ループで SQL のように絞り込み
/</translation>
    </message>
    <message>
        <source>Metrics</source>
        <translation>指標</translation>
    </message>
    <message>
        <source>Smoothing of the charts; the raw values stay visible behind</source>
        <translation>グラフの平滑化。元の値も後ろに薄く残ります</translation>
    </message>
    <message>
        <source>no smoothing</source>
        <translation>平滑化なし</translation>
    </message>
    <message>
        <source>smoothing %1</source>
        <translation>平滑化 %1</translation>
    </message>
    <message>
        <source>%1 of %2</source>
        <translation>%1 / %2</translation>
    </message>
    <message>
        <source>No versions yet</source>
        <translation>バージョンはまだありません</translation>
    </message>
    <message>
        <source>Run your script once: python train.py. It appears here by itself.</source>
        <translation>スクリプトを一度実行すると（python train.py）、ここに自動で現れます。</translation>
    </message>
    <message>
        <source>Clear filter</source>
        <translation>絞り込みを解除</translation>
    </message>
    <message>
        <source>No version matches</source>
        <translation>一致するバージョンがありません</translation>
    </message>
</context>
<context>
    <name>main</name>
    <message>
        <source>Hindsight logging for training runs.</source>
        <translation>学習の記録に、あとからログを加えます。</translation>
    </message>
    <message>
        <source>project folder to open</source>
        <translation>開くプロジェクトのフォルダー</translation>
    </message>
    <message>
        <source>language of the window: en or ja</source>
        <translation>ウィンドウの言語：en または ja</translation>
    </message>
    <message>
        <source>light or dark</source>
        <translation>light または dark</translation>
    </message>
</context>
</TS>
